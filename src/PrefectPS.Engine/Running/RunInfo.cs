using PrefectPS.Channels;

namespace PrefectPS.Running;

/// <summary>Which run this is. Immutable.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Step">How many steps it has had.</param>
/// <param name="Started">When it was started; UTC.</param>
/// <param name="Parameters">The values of the flow's parameters, by name, whatever its case.</param>
internal sealed record RunInfo(string RunId, int Step, DateTimeOffset Started, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>The message that brought the run here, to be completed once the run is sent on; null where none did.</summary>
    public FlowMessage? Message { get; init; }

    /// <summary>Whether that message was late: the run was further on already, and is as it was found.</summary>
    public bool IsLate { get; init; }
}
