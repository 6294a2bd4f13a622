using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Outcome of running a task's body or subflow.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BodyOutcome
{
    private readonly End _end; // with the state, two fields, which the runtime keeps in two registers

    private BodyOutcome(State state, End end)
    {
        State = state;
        _end = end;
    }

    private enum End : byte
    {
        None,
        OfBody,
        OfRun,
        OfReturn,
    }

    /// <summary>The state the body ended in, before state handlers; or the state the task is left in.</summary>
    public State State { get; }

    /// <summary>True if the body ended. False if the step's time was over or the subflow has to wait: the task is left as it is.</summary>
    public bool HasEnded => _end != End.None;

    /// <summary>True if the state is final because a signal ended the task.</summary>
    public bool EndsRun => _end == End.OfRun;

    /// <summary>True if the body returned, rather than threw or signalled.</summary>
    public bool IsReturned => _end == End.OfReturn;

    /// <summary>The body returned, and ended in a state.</summary>
    public static BodyOutcome Returned(State state) => new(state, End.OfReturn);

    /// <summary>The body ended in a state.</summary>
    public static BodyOutcome Ended(State state, bool endsRun = false) => new(state, endsRun ? End.OfRun : End.OfBody);

    /// <summary>The body did not end: the task is left in a state.</summary>
    public static BodyOutcome Left(State state) => new(state, End.None);
}
