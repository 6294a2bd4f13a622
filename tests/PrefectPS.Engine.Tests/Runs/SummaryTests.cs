using System.Reflection;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>The summary of a run, by which it is found and listed.</summary>
public class SummaryTests
{
    [Fact]
    public void Whatever_it_says_is_read_as_it_was_written()
    {
        var store = RecordedFlowExtensions.NewStore();
        var run = new FlowRun(store, "flow", "run")
        {
            Incarnation = "one",
            Record = 2,
            Mark = EntryMark.Removing,
            StateType = StateType.Scheduled,
            Message = "text",
            Step = 3,
            Begun = TestFlow.Start,
            UpdateTime = TestFlow.Start.AddHours(1),
            NextStartTime = TestFlow.Start.AddHours(2),
            TaskCount = 9,
            FinishedCount = 8,
            FailedCount = 7,
        };

        var read = new RunIndex(new(store)).Read("path", RunIndex.Write(run));

        var properties = typeof(FlowRun)
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.SetMethod is not null)
            .ToArray();
        Assert.Equal(properties.Select(property => (property.Name, property.GetValue(run))), properties.Select(property => (property.Name, property.GetValue(read))));
    }

    [Theory]
    [InlineData(StateType.Pending, 2, false)]
    [InlineData(StateType.Paused, 1, false)]
    [InlineData(StateType.Success, 2, true)]
    [InlineData(StateType.Failed, 1, true)]
    [InlineData(StateType.Cancelled, 2, true)] // all of its tasks have ended, some of them themselves Cancelled
    [InlineData(StateType.Cancelled, 1, false)] // a budget cancelled one
    public void A_run_is_over_with_its_state_but_one_that_was_cancelled_only_where_no_task_is_left(StateType state, int finished, bool isFinished) =>
        Assert.Equal(isFinished, new FlowRun(RecordedFlowExtensions.NewStore(), "flow", "run") { StateType = state, TaskCount = 2, FinishedCount = finished }.IsFinished);
}
