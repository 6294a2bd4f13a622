using System.Data;
using System.Data.Common;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership tables in a SQL database, and the statements with which Orleans uses them.</summary>
internal static class MembershipSchema
{
    // No-ops that fail where the role lacks a permission Orleans needs.
    private const string Rights = """
        insert into PrefectPSCluster select * from PrefectPSCluster where 1 = 0;
        update PrefectPSCluster set Version = Version where 1 = 0;
        delete from PrefectPSCluster where 1 = 0;
        insert into PrefectPSMember select * from PrefectPSMember where 1 = 0;
        update PrefectPSMember set Status = Status where 1 = 0;
        delete from PrefectPSMember where 1 = 0
        """;

    // The tables as an Orleans client reads them.
    private const string Statements = "select QueryKey from OrleansQuery where 1 = 0";
    private const string Members = "select Status from PrefectPSMember where 1 = 0";

    /// <summary>Verifies that a step can find workers in the tables.</summary>
    /// <param name="connection">The open connection.</param>
    /// <param name="scheme">One of <see cref="MembershipSchemes"/>.</param>
    /// <param name="stop">Cancels the operation.</param>
    /// <exception cref="FlowException">The tables do not exist, or the role may not read them.</exception>
    /// <exception cref="DbException">The connection broke, or the error is transient.</exception>
    public static async Task CheckAsync(DbConnection connection, string scheme, CancellationToken stop)
    {
        foreach (var query in new[] { Statements, Members })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = query;
            try
            {
                await command.ExecuteNonQueryAsync(stop);
            }
            catch (DbException e) when (connection.State == ConnectionState.Open && !e.IsTransient)
            {
                if (MissingPermission.IsCauseOf(e, scheme))
                    throw ClusterErrors.TablesNotGranted(connection.Database, e.Message, PathOf(scheme), e);
                if (query == Statements)
                    throw ClusterErrors.TablesNotThere(connection.Database, e.Message, e);
                // It is the whole membership of another application, whose tables have other names.
            }
        }
    }

    /// <summary>Creates missing tables in one transaction. Concurrent calls are safe.</summary>
    /// <param name="connection">The open connection.</param>
    /// <param name="scheme">One of <see cref="MembershipSchemes"/>, which names the script.</param>
    /// <param name="stop">Cancels the operation; nothing is created then.</param>
    /// <exception cref="FlowException">The role may not create or use the tables, or they belong to another application.</exception>
    /// <exception cref="DbException">The connection broke, or the error is transient.</exception>
    public static async Task EnsureAsync(DbConnection connection, string scheme, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = await ReadAsync(scheme, stop);
        try
        {
            await command.ExecuteNonQueryAsync(stop);
        }
        catch (DbException e) when (connection.State == ConnectionState.Open && !e.IsTransient)
        {
            throw ClusterErrors.TablesNotCreated(connection.Database, e.Message, MissingPermission.IsCauseOf(e, scheme) ? PathOf(scheme) : null, e);
        }

        command.CommandText = Rights;
        try
        {
            await command.ExecuteNonQueryAsync(stop);
        }
        catch (DbException e) when (connection.State == ConnectionState.Open && !e.IsTransient)
        {
            if (MissingPermission.IsCauseOf(e, scheme))
                throw ClusterErrors.TablesNotGranted(connection.Database, e.Message, PathOf(scheme), e);
            // It is the whole membership of another application, whose tables have other names.
        }
    }

    /// <summary>The script's path, for an administrator to run.</summary>
    public static string PathOf(string scheme) =>
        Path.Combine(Path.GetDirectoryName(typeof(MembershipSchema).Assembly.Location)!, $"{scheme}.sql");

    private static async Task<string> ReadAsync(string scheme, CancellationToken stop)
    {
        using var reader = new StreamReader(typeof(MembershipSchema).Assembly.GetManifestResourceStream($"{scheme}.sql")!);
        return await reader.ReadToEndAsync(stop);
    }
}
