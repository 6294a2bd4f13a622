using System.Data.Common;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The creation of the membership tables, in a real PostgreSQL.</summary>
public sealed partial class MembershipSchemaTests(EmulatorFixture emulators) : IAsyncLifetime
{
    private PostgreSqlServer _server = null!;
    private string _administrator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await emulators.PostgreSqlAsync();
        _administrator = await _server.CreateDatabaseAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Concurrent_calls_create_the_schema_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => EnsureAsync(_administrator)));
        Assert.Equal(9, await CountAsync("OrleansQuery"));
        Assert.Equal(0, await CountAsync("PrefectPSMember"));
    }

    [Fact]
    public async Task An_existing_schema_is_unchanged()
    {
        await EnsureAsync(_administrator);
        await PostgreSqlServer.ExecuteAsync(_administrator, "insert into PrefectPSCluster values ('c', 7); update OrleansQuery set QueryText = QueryText || ' '");
        await EnsureAsync(_administrator);
        Assert.Equal(9, await CountAsync("OrleansQuery where QueryText like '% '"));
        Assert.Equal(1, await CountAsync("PrefectPSCluster where Version = 7"));
    }

    [Fact]
    public async Task Without_the_right_to_create_tables_the_error_names_the_administrators_script()
    {
        var (role, connection) = await CreateRoleAsync();
        var error = await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(connection));
        var script = MembershipSchema.PathOf(MembershipSchemes.Postgres);
        Assert.Contains("permission denied for schema public", error.Message, StringComparison.Ordinal);
        Assert.Contains(script, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlServer.Password, error.ToString(), StringComparison.Ordinal);

        // As the script says itself.
        await RunAsync("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", $"--dbname={UriOf(_administrator)}", $"--file={script}");
        error = await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(connection));
        Assert.Contains("permission denied for table orleansquery", error.Message, StringComparison.Ordinal);
        var grants = Grant().Matches(await File.ReadAllTextAsync(script, Stop)).Select(each => each.Value.Replace("ROLE", role, StringComparison.Ordinal)).ToList();
        Assert.Equal(2, grants.Count);
        await PostgreSqlServer.ExecuteAsync(_administrator, grants[0]);
        error = await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(connection));
        Assert.Matches($"permission denied for table prefectps.*'{Regex.Escape(script)}' lists the required permissions", error.Message);
        await PostgreSqlServer.ExecuteAsync(_administrator, grants[1]);
        foreach (var right in new[] { "select", "insert", "update", "delete" })
        {
            await PostgreSqlServer.ExecuteAsync(_administrator, $"revoke {right} on PrefectPSMember from {role}");
            await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(connection));
            await PostgreSqlServer.ExecuteAsync(_administrator, $"grant {right} on PrefectPSMember to {role}");
        }

        await EnsureAsync(connection);

        await PostgreSqlServer.ExecuteAsync(
            connection, "insert into PrefectPSCluster (ClusterId) values ('c'); update PrefectPSMember set Status = 3; delete from PrefectPSMember; delete from PrefectPSCluster");
    }

    [Fact]
    public async Task A_step_gets_an_error_for_missing_tables_and_for_missing_permissions()
    {
        var (role, connection) = await CreateRoleAsync();
        var error = await Assert.ThrowsAsync<FlowException>(() => UseAsync(connection, MembershipSchema.CheckAsync));
        Assert.Contains("No worker has joined through the database", error.Message, StringComparison.Ordinal);
        await EnsureAsync(_administrator);
        foreach (var table in new[] { "OrleansQuery", "PrefectPSMember" })
        {
            error = await Assert.ThrowsAsync<FlowException>(() => UseAsync(connection, MembershipSchema.CheckAsync));
            Assert.Matches($"permission denied for table {table.ToLowerInvariant()}.*'{Regex.Escape(MembershipSchema.PathOf(MembershipSchemes.Postgres))}' lists", error.Message);
            await PostgreSqlServer.ExecuteAsync(_administrator, $"grant select on {table} to {role}");
        }

        await UseAsync(connection, MembershipSchema.CheckAsync);
    }

    [Fact]
    public async Task The_tables_are_created_in_the_schema_of_the_search_path()
    {
        await PostgreSqlServer.ExecuteAsync(_administrator, "create table OrleansQuery (Something text); create schema cluster");
        await EnsureAsync($"{_administrator};Search Path=cluster");
        Assert.Equal(9, await CountAsync("cluster.OrleansQuery"));
    }

    [Fact]
    public async Task A_missing_schema_is_an_error()
    {
        var error = await Assert.ThrowsAsync<FlowException>(() => EnsureAsync($"{_administrator};Search Path=nowhere"));
        Assert.Contains("no schema has been selected to create in", error.Message, StringComparison.Ordinal);
        Assert.Contains(MembershipSchema.PathOf(MembershipSchemes.Postgres), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_of_other_applications_are_kept()
    {
        await CreateOthersAsync("ReadReminderRowsKey");
        await EnsureAsync(_administrator);
        Assert.Equal(10, await CountAsync("OrleansQuery"));
        Assert.Equal(1, await CountAsync("OrleansQuery where QueryKey = 'ReadReminderRowsKey' and QueryText = 'x'"));
    }

    [Fact]
    public async Task An_incomplete_membership_of_another_application_is_not_mixed_with_ours()
    {
        await CreateOthersAsync("GatewaysQueryKey");
        var error = await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(_administrator));
        Assert.Contains("another application's", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(MembershipSchema.PathOf(MembershipSchemes.Postgres), error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync("OrleansQuery"));
    }

    [Fact]
    public async Task A_failure_in_the_middle_creates_nothing()
    {
        await PostgreSqlServer.ExecuteAsync(_administrator, "create table PrefectPSMember (Something text)");
        await Assert.ThrowsAsync<FlowException>(() => EnsureAsync(_administrator));
        Assert.Equal(0, await CountAsync("pg_class where relname in ('orleansquery', 'prefectpscluster')"));
    }

    [Fact]
    public async Task A_broken_connection_is_not_reported_as_the_scripts_fault()
    {
        await using var other = new NpgsqlConnection(_administrator);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await MembershipSchema.EnsureAsync(other, MembershipSchemes.Postgres, Stop);

        await using var connection = new NpgsqlConnection(_administrator);
        await connection.OpenAsync(Stop);
        var waiting = MembershipSchema.EnsureAsync(connection, MembershipSchemes.Postgres, Stop);
        await PostgreSqlServer.ExecuteAsync(_administrator, $"select pg_terminate_backend({connection.ProcessID})");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => waiting);
    }

    [Fact]
    public async Task A_complete_membership_of_another_application_is_used()
    {
        await CreateOthersAsync("GatewaysQueryKey");
        await PostgreSqlServer.ExecuteAsync(_administrator, string.Join('\n', new[]
        {
            "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "InsertMembershipKey", "UpdateMembershipKey",
            "UpdateIAmAlivetimeKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
        }.Select(key => $"insert into OrleansQuery values ('{key}', 'x');")));
        await EnsureAsync(_administrator);
        Assert.Equal(0, await CountAsync("pg_class where relname like 'prefectps%'"));
    }

    private static Task EnsureAsync(string connectionString) => UseAsync(connectionString, MembershipSchema.EnsureAsync);

    private static async Task UseAsync(string connectionString, Func<DbConnection, string, CancellationToken, Task> use)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Stop);
        await use(connection, MembershipSchemes.Postgres, Stop);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, error);
    }

    private static string UriOf(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    // The default rights of a new role: to connect.
    private async Task<(string Role, string ConnectionString)> CreateRoleAsync()
    {
        var role = $"r{Guid.NewGuid():n}";
        await PostgreSqlServer.ExecuteAsync(_administrator, $"create role {role} login password '{PostgreSqlServer.Password}'");
        return (role, new NpgsqlConnectionStringBuilder(_administrator) { Username = role }.ConnectionString);
    }

    private Task CreateOthersAsync(string key) =>
        PostgreSqlServer.ExecuteAsync(
            _administrator, $"create table OrleansQuery (QueryKey text primary key, QueryText text); insert into OrleansQuery values ('{key}', 'x')");

    private async Task<long> CountAsync(string what)
    {
        await using var source = NpgsqlDataSource.Create(_administrator);
        await using var command = source.CreateCommand($"select count(*) from {what}");
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    [GeneratedRegex("grant .*;")]
    private static partial Regex Grant();
}
