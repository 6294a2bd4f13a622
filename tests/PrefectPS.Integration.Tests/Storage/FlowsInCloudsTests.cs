using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>Flows whose results are in a cloud, run by the module as a user runs it: one process after the other.</summary>
public sealed class FlowsInCloudsTests(EmulatorFixture emulators)
{
    private const string Script = """
        $flow = New-Flow cloudy -Store $args[0] -Target '{task_name}.json' {
            task first { 'ran first'; @{ n = 41 } }
            task second { param($x) $x[1].n + 1 } -InputFrom @{ x = 'first' }
        }
        $run = Invoke-Flow $flow
        $run.Tasks | ForEach-Object { "$($_.Task): $($_.State)" }
        "result: $($run.Tasks[1].Result)"
        """;

    [Fact]
    [Trait("Load", "heavy")]
    public async Task Results_in_a_blob_container_are_found_by_the_next_process()
    {
        var azurite = await emulators.AzuriteAsync();
        await AssertRunsAsync($"{await azurite.CreateContainerAsync()}/results", "AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString);
    }

    [Fact]
    public async Task Results_in_a_bucket_are_found_by_the_next_process()
    {
        await using var server = await CloudStorageServer.StartAsync();
        await AssertRunsAsync($"{server.CreateBucket()}/results", "STORAGE_EMULATOR_HOST", server.Endpoint.AbsoluteUri);
    }

    [Fact]
    public async Task A_retried_request_is_reported_to_listeners()
    {
        await using var server = await CloudStorageServer.StartAsync();
        using var folder = new TemporaryFolder();
        var script = folder.Write("flow.ps1", """
            $flow = New-Flow cloudy -Store $args[0] -Target '{task_name}.json' { task only { 42 } }
            Invoke-Flow $flow -Verbose 4>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.VerboseRecord]) { "$_" } else { "$($_.State)" } }
            """);
        var store = server.CreateBucket();
        server.Expect(new HttpMishap.Answer(503));

        var host = await HostProcess.RunAsync([script, store], environment: [("STORAGE_EMULATOR_HOST", server.Endpoint.AbsoluteUri)]);

        Assert.Contains($"The store '{store}' is tried again (2 of 5): it answered 503.", host.Lines);
        Assert.Equal("Success", host.Lines[^1]);
    }

    private static async Task AssertRunsAsync(string store, string variable, string value)
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("flow.ps1", Script);

        var first = await HostProcess.RunAsync([script, store], environment: [(variable, value)]);
        var second = await HostProcess.RunAsync([script, store], environment: [(variable, value)]);

        Assert.Equal(["first: Success", "second: Success", "result: 42"], first.Lines);
        Assert.Equal(["first: Cached", "second: Cached", "result: 42"], second.Lines);
    }
}
