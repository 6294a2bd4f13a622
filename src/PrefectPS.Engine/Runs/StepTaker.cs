using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Takes steps of recorded and unrecorded runs. docs/runs.md explains the order of writes and why it is safe.</summary>
public static class StepTaker
{
    /// <summary>Takes a step. If the run is further along than the request knows, nothing is run.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; what had ended by then is recorded.</exception>
    /// <exception cref="FlowException">
    /// As for <see cref="RunChoice.Open"/>, and if another step has taken the run over. <see cref="FlowErrorId.ParameterInvalid"/>: secret parameters are
    /// missing. <see cref="FlowErrorId.StateInvalid"/>: the run has used up its number of steps.
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

    /// <summary>Plans the step that <see cref="Take"/> would take: no user code runs, and nothing is written.</summary>
    /// <exception cref="FlowException">As for <see cref="RunChoice.Look"/>, or an error of the step itself.</exception>
    public static StepForecast Plan(StepRequest request, CancellationToken cancellationToken)
    {
        request = request with { ResetCancelled = request.ResetCancelled || request.Run.ResetsCancelled };
        var looked = request.Run.Look(cancellationToken);
        var run = looked.IsLate || looked.Run.Identity.Due is not null ? looked.Run : Begin(looked.Run, looked.IsNew, request);
        return new(run, looked.IsLate, looked.Warnings, looked.IsLate ? [] : StepPlanner.Plan(run, request with { Places = PlacesOf(run) }, cancellationToken));
    }

    // Read only: the limits are not written. A run that is not due yet needs none.
    private static StorePlaces? PlacesOf(FlowState run) => run is { Identity.Due: null, Flow.Store: { } store } ? StorePlaces.ToLook(new(store), run.Flow) : null;

    // A recorded run begins with its selection, never with a wider one.
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
            notification.Send(after, due);
        return after;
    }

    // Checked before anything is recorded. A stopped or suspended run is returned as it is.
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
