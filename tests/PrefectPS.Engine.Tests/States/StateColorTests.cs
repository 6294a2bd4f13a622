using PrefectPS.States;

namespace PrefectPS.Engine.Tests.States;

public class StateColorTests
{
    [Fact]
    public void A_console_shows_what_is_well_what_failed_and_what_waits_in_colours_of_their_own()
    {
        var expected = new Dictionary<string, StateType[]>
        {
            ["Green"] = [StateType.Success, StateType.Cached],
            ["Red"] = [StateType.Failed, StateType.TimedOut, StateType.TriggerFailed, StateType.ValidationFailed, StateType.ClientFailed],
            ["BrightBlack"] = [StateType.Skipped, StateType.Cancelled, StateType.Cancelling],
            ["BrightBlue"] = [StateType.Running, StateType.Mapped, StateType.Finished, StateType.Looped],
            ["Cyan"] = [StateType.Pending],
            ["Magenta"] = [StateType.Paused],
            ["Yellow"] = [StateType.Scheduled, StateType.Resume, StateType.Retrying, StateType.Submitted, StateType.Queued],
        };

        Assert.Equal(
            expected.SelectMany(color => color.Value.Select(type => (type, color.Key))).OrderBy(each => each.type),
            StateTypes.All.Select(type => (type, type.ConsoleColor())).OrderBy(each => each.type));
    }
}
