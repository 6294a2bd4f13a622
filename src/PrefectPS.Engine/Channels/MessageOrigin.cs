using PrefectPS.Flows;

namespace PrefectPS.Channels;

/// <summary>The message a run was received with.</summary>
/// <param name="Message">The message, to be completed once the run is sent on.</param>
/// <param name="IsLate">Whether the message was outdated: the run had already advanced and is unchanged.</param>
public sealed record MessageOrigin(FlowMessage Message, bool IsLate = false) : IRunOrigin
{
    /// <summary>Gets a run's message; null for none.</summary>
    public static MessageOrigin? Of(FlowState run) => run.Origin as MessageOrigin;
}
