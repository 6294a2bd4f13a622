using PrefectPS.Flows;

namespace PrefectPS.Channels;

/// <summary>The message that brought a run to this process.</summary>
/// <param name="Message">The message, to be completed once the run is sent on.</param>
/// <param name="IsLate">Whether the run was further on than the message said: it is as it was found.</param>
public sealed record MessageOrigin(FlowMessage Message, bool IsLate = false) : IRunOrigin
{
    /// <summary>The message that brought a run here; null if none did.</summary>
    public static MessageOrigin? Of(FlowState run) => run.Origin as MessageOrigin;
}
