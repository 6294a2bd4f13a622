using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Ends a task's body, or a state handler, in a state of its choice. Follows <c>prefect.engine.signals</c>.</summary>
public sealed class FlowSignalException : Exception
{
    /// <summary>Creates the signal.</summary>
    /// <param name="state">The state to end in.</param>
    /// <param name="endsRun">Whether the state is final as it is: no further check, no retry (Prefect's ENDRUN and PAUSE).</param>
    /// <param name="computer">The computer that restarts once the task is Success on record; null for none.</param>
    public FlowSignalException(State state, bool endsRun, string? computer = null)
        : base(state.Message ?? $"The task is {state.Type}.")
    {
        State = state;
        EndsRun = endsRun;
        Computer = computer;
    }

    /// <summary>The type of the state it ends in.</summary>
    public StateType StateType => State.Type;

    internal State State { get; }

    /// <summary>The computer that it was sent on, and that is to restart once the task is Success on record; null for none.</summary>
    internal string? Computer { get; }

    /// <summary>Whether the state is final as it is: no further check, no retry (Prefect's ENDRUN and PAUSE).</summary>
    internal bool EndsRun { get; }
}
