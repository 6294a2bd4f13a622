namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>What the scheduler can do where a process is about to call the store.</summary>
internal enum MoveKind
{
    /// <summary>The call takes effect, and the process goes on to its next one.</summary>
    Go,

    /// <summary>It is the process's turn from now on; nothing else happens yet.</summary>
    Turn,

    /// <summary>The timers of the process that are due fire; the call is still to come.</summary>
    Fire,

    /// <summary>The call has no effect, and the process is told that nobody answered.</summary>
    Fail,

    /// <summary>The call takes effect, and the process is told that nobody answered.</summary>
    Lose,

    /// <summary>The process is told that nobody answered; the call may take effect later.</summary>
    Stray,

    /// <summary>The oldest of the calls that nobody answered takes effect.</summary>
    Land,

    /// <summary>The process dies before the call, on a machine of its own: its lease stays.</summary>
    Die,

    /// <summary>The process is suspended for longer than a lease lasts; all timers are late by that.</summary>
    Wait,
}
