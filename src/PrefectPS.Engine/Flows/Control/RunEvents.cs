using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The events of a run that no task has taken yet, the oldest first.</summary>
public static class RunEvents
{
    extension(IReadOnlyList<RunEvent> events)
    {
        /// <summary>Whether there is room for one more.</summary>
        public bool HaveRoomFor(string? payload) =>
            events.Count < RunEvent.MaxKept && events.Sum(kept => kept.Payload?.Length ?? 0) + (payload?.Length ?? 0) <= RunEvent.MaxKeptLength;

        /// <summary>Whether a task, or one in the run of its subflow, waits for one of them.</summary>
        public bool Wake(State state) =>
            events.Count > 0
            && (state.Event is { IsWaiting: true } wait ? events.Any(kept => kept.IsNamed(wait.Name))
                : !state.IsFinished && state.SubflowRun is { } subflow && Array.Exists(subflow.States, events.WakeAny));

        private bool WakeAny(State state) => events.Wake(state) || (state.Children is { } children && Array.Exists(children, events.Wake));
    }
}
