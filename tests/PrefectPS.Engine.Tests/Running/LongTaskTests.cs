using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task expected to run longer than a step is reported: it could be postponed forever.</summary>
public class LongTaskTests
{
    private const string NotThisStep =
        "Task 'long' is expected to run for 00:02:00, longer than the 00:00:30 left until 2026-11-24T08:30:45.0000000+00:00: this step will not start it.";

    [Theory]
    [InlineData(60, null, new[] { "Task 'long' is expected to run for 00:02:00, longer than the step's budget of 00:01:00: no such step will ever start it." })]
    [InlineData(120, null, new string[0])]
    [InlineData(null, 30, new[] { NotThisStep })]
    [InlineData(60, 30, new[] { NotThisStep })]
    [InlineData(null, null, new string[0])]
    public void The_warning_says_whether_such_a_step_can_ever_start_the_task(int? time, int? deadline, string[] expected)
    {
        var flow = new TestFlow().Add(new("long", TestFlow.Body(_ => null)) { ExpectedDuration = TimeSpan.FromMinutes(2) });
        var told = new List<string>();
        var budget = new StepBudget { Time = time is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Deadline = deadline is { } at ? TestFlow.Start.AddSeconds(at) : null };

        StepRunner.Run(flow.New(), new() { Budget = budget, Notices = new RecordingNotices(told) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, told);
    }
}
