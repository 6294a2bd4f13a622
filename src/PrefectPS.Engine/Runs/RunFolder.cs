using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Paths of a run's record in a store.</summary>
/// <param name="flow">The flow's name.</param>
/// <param name="runId">The run's id.</param>
public sealed class RunFolder(string flow, string runId)
{
    private const string Extension = RunLocation.Extension;
    private const string ScheduleName = $"schedule{Extension}";

    private readonly RunLocation _place = new(StorePath.Escape(flow), StorePath.Escape(runId));

    /// <summary>The flow's name.</summary>
    internal string Flow => flow;

    /// <summary>The run's id.</summary>
    public string RunId => runId;

    /// <summary>Path prefix of all objects outside the index.</summary>
    internal string Root => _place.Root;

    /// <inheritdoc cref="RunLocation.Head"/>
    internal string Head => _place.Head;

    /// <inheritdoc cref="RunLocation.Lease"/>
    internal string Lease => _place.Lease;

    /// <inheritdoc cref="RunLocation.OldState"/>
    internal string OldState => _place.OldState;

    /// <inheritdoc cref="RunLocation.Open"/>
    public string Open => _place.Open;

    /// <inheritdoc cref="RunLocation.AllDone"/>
    public string AllDone => _place.AllDone;

    /// <inheritdoc cref="RunLocation.OldDone"/>
    internal string OldDone => _place.OldDone;

    private string MessageRoot => Root + "messages/";

    /// <summary>Folder of a run with a user-supplied id.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the id is invalid.</exception>
    public static RunFolder Of(string flow, string runId) =>
        DefinedName.FaultIn(runId, Limits.MaxRunIdLength) is null ? new(flow, runId) : throw FlowErrors.RunIdInvalid(runId);

    /// <summary>Name of the lease held while a run of a flow is searched for or created.</summary>
    internal const string ResumeName = $"resume{Extension}";

    /// <summary>Path of the lease held while a run of the flow is searched for or created.</summary>
    internal static string ResumeLease(string flow) => $"{IndexOf(flow)}{ResumeName}";

    /// <summary>Path prefix of the index entries of a flow's unfinished runs.</summary>
    public static string OpenOf(string flow) => RunLocation.OpenOf(StorePath.Escape(flow));

    /// <summary>Path prefix of the index entries of a flow's runs; of all flows if null.</summary>
    public static string IndexOf(string? flow) => RunLocation.Index + (flow is null ? string.Empty : $"{StorePath.Escape(flow)}/");

    /// <summary>Path of a flow's schedule record.</summary>
    internal static string ScheduleOf(string flow) => IndexOf(flow) + ScheduleName;

    /// <summary>True if the path is that of a flow's schedule record.</summary>
    internal static bool IsSchedule(string path) => path.Split('/') is [_, _, ScheduleName];

    /// <summary>Path of the index entry of a finished incarnation.</summary>
    internal string Done(string incarnation) => AllDone + incarnation + Extension;

    /// <summary>Path of a document referenced by the message of a step.</summary>
    /// <param name="step">The step's number.</param>
    /// <param name="name">Name of the document.</param>
    internal string Message(int step, string name) => $"{MessageRoot}{Number(step)}-{name}{Extension}";

    /// <summary>Path of the marker that the message of a step was sent twice.</summary>
    internal string Resent(int step) => $"{MessageRoot}{Number(step)}.resent";

    /// <summary>Throws if an object found here belongs to another run: a case-insensitive store also finds runs whose names differ only in case.</summary>
    /// <param name="store">The store's name.</param>
    /// <param name="path">Path of the object.</param>
    /// <param name="ofFlow">Flow named in the object.</param>
    /// <param name="ofRun">Run id named in the object.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.FlowInvalid"/>: the names differ only in case. <see cref="FlowErrorId.RunDamaged"/>: the object belongs to another run.
    /// </exception>
    public void EnsureIsOf(string store, string path, string? ofFlow, string? ofRun)
    {
        if (ofFlow == flow && ofRun == runId)
            return;
        throw string.Equals(ofFlow, flow, StringComparison.OrdinalIgnoreCase) && string.Equals(ofRun, runId, StringComparison.OrdinalIgnoreCase)
            ? FlowErrors.RunNamesAlike(store, this, new(ofFlow!, ofRun!))
            : FlowErrors.RunDamaged(store, this, path, FlowErrors.ObjectOfAnotherRun(ofFlow, ofRun));
    }

    /// <summary>The flow and the run.</summary>
    public override string ToString() => $"{flow}, run {runId}";

    // Zero-padded, so that names sort like numbers.
    internal static string Number(int number) => number.ToString("D10", CultureInfo.InvariantCulture);
}
