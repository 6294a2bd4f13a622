namespace PrefectPS.Engine.Tests.Support;

/// <summary>What goes wrong at one call of a channel.</summary>
public enum ChannelFault
{
    /// <summary>Nothing is done, and the caller is told so.</summary>
    Refused,

    /// <summary>It is done, and the caller is told that it was not.</summary>
    AnswerLost,

    /// <summary>It is done twice.</summary>
    Twice,

    /// <summary>The process dies before it is done.</summary>
    KilledBefore,

    /// <summary>The process dies after it is done.</summary>
    KilledAfter,
}
