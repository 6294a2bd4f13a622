using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What came of running a task's body, or the flow that is its body.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BodyOutcome
{
    private BodyOutcome(State state, bool hasEnded, bool endsRun)
    {
        State = state;
        HasEnded = hasEnded;
        EndsRun = endsRun;
    }

    /// <summary>The state it ended in, before any handler saw it; or the state that the task is left in.</summary>
    public State State { get; }

    /// <summary>Whether the body ended. Otherwise the step's time was over, or the subflow has to wait, and the task is left as it is.</summary>
    public bool HasEnded { get; }

    /// <summary>Whether the state is final: a signal ended the task's run.</summary>
    public bool EndsRun { get; }

    /// <summary>The body ended in a state.</summary>
    public static BodyOutcome Ended(State state, bool endsRun = false) => new(state, hasEnded: true, endsRun);

    /// <summary>The body did not end: the task is left in a state.</summary>
    public static BodyOutcome Left(State state) => new(state, hasEnded: false, endsRun: false);
}
