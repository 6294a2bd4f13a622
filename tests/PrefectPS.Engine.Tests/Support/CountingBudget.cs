using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>The budget by state handler of <c>PREFECT.md</c> 8: counts finished tasks, and cancels the rest by ending their runs.</summary>
internal sealed class CountingBudget
{
    private int _finished;

    public CountingBudget(int budget) => Handler = new((_, @new) =>
    {
        if (_finished >= budget)
            throw RecordingHandler.Signal(StateType.Cancelled, "Flow run is cancelled", endsRun: true);
        if (@new.IsFinished)
            _finished++;
        return null;
    });

    public RecordingHandler Handler { get; }

    public void BeginStep()
    {
        _finished = 0;
        Handler.Changes.Clear();
    }
}
