using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>The newest run on record in its flow's store that is not finished. Where there is none, one begins.</summary>
internal sealed record NewestRun : RunChoice
{
    private readonly RunFiles _files;
    private readonly IReadOnlyDictionary<string, object?> _parameters;

    /// <summary>Chooses the run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Values of the flow's parameters, for a run that begins.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public NewestRun(Flow flow, IReadOnlyDictionary<string, object?> parameters)
    {
        Flow = flow;
        _files = RecordedRuns.FilesOf(flow);
        _parameters = parameters;
    }

    /// <inheritdoc/>
    public override Flow Flow { get; }

    /// <inheritdoc/>
    public override OpenedRun Open(CancellationToken cancellationToken)
    {
        while (true)
        {
            var runId = (RecordedRuns.FindUnfinished(Flow) ?? Begin()).RunId;
            var opened = new RunById(Flow, runId, _parameters).Open(cancellationToken);
            if (!opened.Run.IsOver)
                return opened;
            using (opened)
                opened.Session!.Settle(opened.Run); // its last step died before it could tell
        }
    }

    // Two that look at once and find nothing must not begin two runs.
    private FlowRun Begin()
    {
        var index = new RunIndex(_files);
        using var lease = Lease.TryTake(_files, RunFolder.ResumeLease(Flow.Name), Flow.Services, () => { }) ?? throw FlowErrors.FlowBusy(Flow);
        if (RecordedRuns.FindUnfinished(Flow) is { } other)
            return other;
        var run = FlowRun.Of(_files.Store, FlowState.New(Flow, _parameters), Flow.Services.Clock.GetUtcNow());
        index.Put(run.Folder, run);
        return run;
    }
}
