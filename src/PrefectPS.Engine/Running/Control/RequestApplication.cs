using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Applies control requests to the states of a run: decides what each comes to, and records it.</summary>
internal static class RequestApplication
{
    /// <summary>Applies a request, which the run does not know yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="request">The request.</param>
    public static void Apply(RunStates run, ControlRequest request)
    {
        var now = run.Look();
        var edited = request.Edit is { } edit && !IsVoid(request, now) ? edit.ToStateEdit().Of(now) : now;
        int[] set = [.. Enumerable.Range(0, now.States.Length).Where(task => !ReferenceEquals(now.States[task], edited.States[task]))];
        run.Take(new(request, IsVoid(request, now) || (request.Kind == RequestKind.Edit && set.Length == 0), [.. set.Select(task => now.Flow.Plan.Tasks[task].Slug)]));
        foreach (var index in set)
        {
            var task = now.Flow.Plan.Tasks[index];
            run.Change(task, child: null, now.States[index], edited.States[index]);
            run.Settle(task, child: null, edited.States[index]);
        }
    }

    /// <summary>Whether a run is suspended or, where that is to be forced, was stopped: it, or tasks of it that did not go on when others were set.</summary>
    public static bool CanResume(FlowState run, bool isForced) => run.Identity.Control.Mark is { IsStop: false } || (isForced && (run.IsStopped || HasStoppedTasks(run)));

    private static bool HasStoppedTasks(FlowState run) => !ReferenceEquals(run.Change((_, state) => state.WasStopped ? state.Restart() : state), run);

    private static bool IsVoid(ControlRequest request, FlowState now) => request.Kind switch
    {
        RequestKind.Stop => now.IsOver,
        RequestKind.Suspend => now.IsOver || now.IsSuspended,
        RequestKind.Resume => !CanResume(now, request.IsSpecial),
        RequestKind.Event => now.IsOver || !now.Identity.Control.Events.HaveRoomFor(request.Event!.Payload),
        RequestKind.Refuse => false,
        _ => request.Edit?.Tasks is null && now.IsStopped, // only a task that is named lets a stopped run go on
    };
}
