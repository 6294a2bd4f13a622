using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Chooses the recorded run with an id; creates it if there is none.</summary>
public sealed record RunById : RunChoice
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly IReadOnlyDictionary<string, object?> _parameters;

    /// <summary>Chooses a run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="runId">The run's id.</param>
    /// <param name="parameters">Parameter values for a new run.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public RunById(Flow flow, string runId, IReadOnlyDictionary<string, object?> parameters)
    {
        Flow = flow;
        _files = RecordedRuns.FilesOf(flow);
        _folder = RunFolder.Of(flow.Name, runId);
        _parameters = parameters;
    }

    /// <inheritdoc/>
    public override Flow Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId => _folder.RunId;

    /// <summary>What to do if the flow has changed since the run's last step.</summary>
    public FlowChangeAction OnChange { get; init; }

    /// <inheritdoc/>
    internal override OpenedRun Open(CancellationToken cancellationToken) =>
        OpenedRun.Of(RunSession.Open(_files, _folder, Flow), Of);

    /// <inheritdoc/>
    internal override OpenedRun Look(CancellationToken cancellationToken) => RunPreview.Open(_files, _folder, Flow, Of);

    private OpenedRun Of(StoredRun? stored) => new(stored is null ? FlowState.New(Flow, _parameters, _folder.RunId) : WithTheseParameters(stored.For(OnChange)));

    private FlowState WithTheseParameters(FlowState run) =>
        RunParameters.Changed(run, _parameters) is { Count: > 0 } changed ? throw FlowErrors.ParametersDiffer(run, changed) : run;
}
