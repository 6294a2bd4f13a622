using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Queries on the pending events of a run.</summary>
public static class RunEvents
{
    extension(IReadOnlyList<RunEvent> events)
    {
        /// <summary>True if one more event with this payload fits within the limits.</summary>
        public bool HasRoomFor(string? payload) =>
            events.Count < RunEvent.MaxKept && events.Sum(kept => kept.Payload?.Length ?? 0) + (payload?.Length ?? 0) <= RunEvent.MaxKeptLength;

        /// <summary>True if a task, or a task in its subflow run, waits for one of the events.</summary>
        public bool CanWake(State state) =>
            events.Count > 0
            && (state.Event is { IsWaiting: true } wait ? events.Any(kept => kept.IsNamed(wait.Name))
                : !state.IsFinished && state.SubflowRun is { } subflow && Array.Exists(subflow.States, events.CanWakeAny));

        private bool CanWakeAny(State state) => events.CanWake(state) || (state.Children is { } children && Array.Exists(children, events.CanWake));
    }
}
