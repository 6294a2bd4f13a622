using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Takes steps of a flow's runs, all in the same way.</summary>
/// <param name="flow">The flow.</param>
/// <param name="requestOf">Creates the step request of a run.</param>
internal sealed class RecordedSteps(Flow flow, Func<RunChoice, StepRequest> requestOf)
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public FlowState Resume(IReadOnlyDictionary<string, object?>? parameters = null) => Take(new NewestRun(flow, parameters ?? RunParameters.None), TestEnd).Run;

    public FlowState Step(string runId, CancellationToken? stop = null) => Take(new RunById(flow, runId, RunParameters.None), stop ?? TestEnd).Run;

    /// <summary>Takes a step of a given run, possibly from a process that used another store.</summary>
    public StepOutcome Step(FlowState given, CancellationToken? stop = null) => Take(new RunByState(In(given)), stop ?? TestEnd);

    private FlowState In(FlowState given) => given.Flow == flow ? given : new(flow, given.Identity, given.States) { Origin = given.Origin };

    private StepOutcome Take(RunChoice run, CancellationToken stop) => StepTaker.Take(requestOf(run), stop);
}
