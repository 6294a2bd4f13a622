using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Applies control requests to a run: determines their effect and records it.</summary>
public static class RequestApplication
{
    /// <summary>Applies a request to a run in hand, which no step works on.</summary>
    /// <param name="run">The run; it does not know the request yet.</param>
    /// <param name="request">The request.</param>
    /// <returns>The run after it; the same one where the request changes nothing.</returns>
    public static FlowState Apply(FlowState run, ControlRequest request)
    {
        var states = new RunStates(run);
        Apply(states, request);
        return states.ToState(run.Identity);
    }

    /// <summary>Applies a request that was not applied before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="request">The request.</param>
    internal static void Apply(RunStates run, ControlRequest request)
    {
        var now = run.Look();
        if (request.Kind == RequestKind.Undo)
        {
            ApplyUndo(run, now, request with { IsSpecial = !now.HasEnded });
            return;
        }

        var edited = request.Edit is { } edit && !IsVoid(request, now) ? edit.ToStateEdit().Of(now) : now;
        var set = Changed(now, edited);
        run.Take(new(request, IsVoid(request, now) || (request.Kind == RequestKind.Edit && set.Length == 0), [.. set.Select(task => now.Flow.Plan.Tasks[task].Slug)]));
        foreach (var index in set)
        {
            var task = now.Flow.Plan.Tasks[index];
            run.Change(task, child: null, now.States[index], edited.States[index]);
            run.Settle(task, child: null, edited.States[index]);
        }
    }

    // The undo marks are events of their own; that the run stops follows from the request.
    private static void ApplyUndo(RunStates run, FlowState now, ControlRequest request)
    {
        string[] tasks = [.. Changed(now, UndoMarker.Mark(now, isRepeated: true)).Select(index => now.Flow.Plan.Tasks[index].Slug)];
        run.Take(new(request, IsVoid: !request.IsSpecial && tasks.Length == 0, tasks));
        var stopped = run.Look();
        var marked = UndoMarker.Mark(stopped, isRepeated: true);
        foreach (var index in Changed(stopped, marked))
            run.Settle(now.Flow.Plan.Tasks[index], child: null, marked.States[index]);
    }

    private static int[] Changed(FlowState before, FlowState after) =>
        [.. Enumerable.Range(0, before.States.Length).Where(task => !ReferenceEquals(before.States[task], after.States[task]))];

    /// <summary>True if a run can be resumed: it is suspended or, if forced, was stopped itself or has stopped tasks.</summary>
    public static bool CanResume(FlowState run, bool isForced) => run.Identity.Control.Hold is { IsStop: false } || (isForced && (run.IsStopped || HasStoppedTasks(run)));

    private static bool HasStoppedTasks(FlowState run) => !ReferenceEquals(run.Change((_, state) => state.WasStopped ? state.Restart() : state), run);

    private static bool IsVoid(ControlRequest request, FlowState now) => request.Kind switch
    {
        RequestKind.Stop => now.HasEnded,
        RequestKind.Suspend => now.IsOver || now.IsSuspended,
        RequestKind.Resume => !CanResume(now, request.IsSpecial),
        RequestKind.Event => now.IsOver || !now.Identity.Control.Events.HasRoomFor(request.Event!.Payload),
        RequestKind.Refuse => false,
        _ => request.Edit?.Tasks is null && now.IsStopped, // only a named task lets a stopped run continue
    };
}
