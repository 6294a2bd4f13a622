using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Takes steps, of runs on record and of others. docs/runs.md says what is written when, and why that is safe.</summary>
public static class StepTaker
{
    /// <summary>Takes a step. Where the run is further on than the request knows, nothing is run.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; what had ended by then is on record.</exception>
    /// <exception cref="FlowException">
    /// As of <see cref="RunChoice.Open"/>, and where someone else has taken the run over. <see cref="FlowErrorId.ParameterInvalid"/>: it was read without the secrets
    /// among its parameters. <see cref="FlowErrorId.StateInvalid"/>: it has had as many steps as a run can have.
    /// </exception>
    public static StepOutcome Take(StepRequest request, CancellationToken cancellationToken)
    {
        request = request with { ResetCancelled = request.ResetCancelled || request.Run.ResetsCancelled };
        for (var reads = 1; ; reads++)
        {
            using var opened = request.Run.Open(cancellationToken);
            if (opened.IsLate)
                return new(opened.Run, IsLate: true, opened.Warnings);
            if (opened.Run.Identity.Due is not null)
                return new(opened.Run, IsLate: false, opened.Warnings);
            if (Run(opened, request, cancellationToken) is { } after)
                return new(after.AsOfNow(), IsLate: false, opened.Warnings);
            if (reads == LeaseOptions.MaxLateWrites)
                throw FlowErrors.RunTakenOver(new(opened.Run.Flow.Name, opened.Run.RunId));
        }
    }

    /// <summary>Plans the step that <see cref="Take"/> would take: nothing of the flow's code runs, and nothing is written.</summary>
    /// <exception cref="FlowException">As of <see cref="RunChoice.Look"/>, or what the step itself is refused by.</exception>
    public static StepForecast Plan(StepRequest request, CancellationToken cancellationToken)
    {
        request = request with { ResetCancelled = request.ResetCancelled || request.Run.ResetsCancelled };
        var looked = request.Run.Look(cancellationToken);
        var run = looked.IsLate || looked.Run.Identity.Due is not null ? looked.Run : Begin(looked.Run, looked.IsNew, request);
        return new(run, looked.IsLate, looked.Warnings, looked.IsLate ? [] : StepPlanner.Plan(run, request with { Places = PlacesOf(run) }, cancellationToken));
    }

    // To look only: the numbers are not written. A run that is not due yet needs none.
    private static StorePlaces? PlacesOf(FlowState run) => run is { Identity.Due: null, Flow.Store: { } store } ? StorePlaces.ToLook(new(store), run.Flow) : null;

    // A run begins on record as the run of its tasks, and never as a wider one.
    private static FlowState Begin(FlowState run, bool isNew, StepRequest request)
    {
        Check(run);
        return isNew && request.Selection is { } selection ? (selection with { Scope = SelectionScope.Any }).ApplyTo(run) : run;
    }

    private static FlowState? Run(OpenedRun opened, StepRequest request, CancellationToken cancellationToken)
    {
        var run = Begin(opened.Run, opened.Session?.Stored is null, request);
        using var activity = StepActivity.Begin(run);
        var after = Run(run, opened, request, cancellationToken);
        if (after is not null)
            activity?.End(after);
        return after;
    }

    private static FlowState? Run(FlowState run, OpenedRun opened, StepRequest request, CancellationToken cancellationToken)
    {
        if (opened.Session is { } session)
            return session.TryTake(run, request, cancellationToken);
        var after = StepRunner.Run(run, request, cancellationToken: cancellationToken);
        if (run.Flow.Notification is { } notification && !ReferenceEquals(run, after) && notification.DueAfter(opened.Run, after) is { } due)
            notification.Tell(after, due);
        return after;
    }

    // Before anything of the step is on record. One that is stopped or suspended is given back as it is.
    private static void Check(FlowState given)
    {
        if (given.IsStopped || given.IsSuspended)
            return;
        if (given.Identity.LostSecrets.Any())
            throw FlowErrors.SecretsLost(given);
        if (given.Step >= Limits.MaxSteps)
            throw FlowErrors.StepsUsedUp(given);
    }
}
