using PrefectPS.Flows;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Channels;

/// <summary>The loop of the README, one process per iteration, over Pub/Sub and Cloud Storage.</summary>
[Trait("Load", "heavy")]
public sealed class LoopTests(EmulatorFixture emulators)
{
    // One execution: decode, run one step, reset, encode, publish.
    private const string Execution = """
        param($Message, $Channel, $Store)
        Import-Module PrefectPS
        $flow = New-Flow 'this is my first flow' -Store $Store -Target '{date:yyyy-MM-dd}/{task_name}.json'
        Add-FlowTask $flow task1 { 'Task 1' }
        Add-FlowTask $flow task2 { 'Task 2' }
        Add-FlowTask $flow task3 { 'Task 3' } -After task1, task2
        Add-FlowTask $flow task4 { Write-Host 'Task 4' } -After task3
        Add-FlowTask $flow task5 { Write-Host 'Task 5' } -After task4
        Add-FlowTask $flow task6 { Write-Host 'Task 6' } -After task4
        Add-FlowTask $flow task7 { Write-Host 'Task 7' } -After task2, task6
        Add-FlowTask $flow task8 { Write-Host 'Task 8' } -After task2, task3

        $received = if ($Message -ne 'none') { Receive-FlowMessage $Channel -Wait 30 }
        $message = $received.Document
        $state = $message | ConvertTo-FlowState -Flow $flow
        $state = $state | Invoke-FlowStep -MaxTasks 1
        $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        if ($state.HasPending) { $state | ConvertFrom-FlowState | Publish-FlowMessage -Channel $Channel }
        if ($received) { $received.Complete() }
        "pending: $($state.HasPending), state: $($state.State), step: $($state.Step)"
        """;

    [Fact]
    public async Task Eight_executions_of_one_task_each_end_the_flow()
    {
        var pubSub = await emulators.PubSubAsync();
        var storage = await emulators.FirebaseStorageAsync();
        var channel = await pubSub.CreateTopicAsync();
        using var folder = new TemporaryFolder();
        var script = folder.Write("execution.ps1", Execution);
        (string, string)[] environment = [("PUBSUB_EMULATOR_HOST", pubSub.Host), ("STORAGE_EMULATOR_HOST", storage.Endpoint.GetLeftPart(UriPartial.Authority))];
        var store = $"gs://b{Guid.NewGuid():n}/prefect";
        var said = new List<string>();
        for (var execution = 1; execution <= 8; execution++)
        {
            var result = await HostProcess.RunAsync(
                [script, "-Message", execution == 1 ? "none" : "next", "-Channel", channel, "-Store", store], environment: environment);
            Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
            said.AddRange(result.Lines);
        }

        Assert.Equal(["Task 4", "Task 5", "Task 6", "Task 7", "Task 8"], said.Where(line => line.StartsWith("Task", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("pending: False, state: Success, step: 8", said[^1]);
    }
}
