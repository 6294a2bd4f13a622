namespace PrefectPS.Engine.Tests.Support;

/// <summary>Faults of a channel call.</summary>
public enum ChannelFault
{
    /// <summary>The call fails without effect.</summary>
    Refused,

    /// <summary>The call takes effect, but reports a failure.</summary>
    AnswerLost,

    /// <summary>The call takes effect twice.</summary>
    Twice,

    /// <summary>The process dies before the call.</summary>
    KilledBefore,

    /// <summary>The process dies after the call.</summary>
    KilledAfter,
}
