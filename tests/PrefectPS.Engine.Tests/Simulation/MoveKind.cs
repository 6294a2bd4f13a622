namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Moves of the scheduler when a process is about to call the store.</summary>
internal enum MoveKind
{
    /// <summary>The call takes effect, and the process continues to its next call.</summary>
    Go,

    /// <summary>Switches to the process; nothing else happens yet.</summary>
    Turn,

    /// <summary>The due timers of the process fire before the call.</summary>
    Fire,

    /// <summary>The call has no effect and times out.</summary>
    Fail,

    /// <summary>The call takes effect, but its response is lost: it times out.</summary>
    Lose,

    /// <summary>The call times out, and may take effect later.</summary>
    Stray,

    /// <summary>The oldest unanswered call takes effect.</summary>
    Land,

    /// <summary>The process dies before the call and leaves its lease.</summary>
    Die,

    /// <summary>The process is suspended for longer than a lease lasts; all its timers are late.</summary>
    Wait,
}
