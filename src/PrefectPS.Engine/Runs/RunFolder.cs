using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Where the record of a run is in a store.</summary>
/// <param name="flow">The flow's name.</param>
/// <param name="runId">The run's id.</param>
public sealed class RunFolder(string flow, string runId)
{
    private const string Extension = RunPlace.Extension;
    private const string ScheduleName = $"schedule{Extension}";

    private readonly RunPlace _place = new(StorePath.Escape(flow), StorePath.Escape(runId));

    /// <summary>The flow's name.</summary>
    internal string Flow => flow;

    /// <summary>The run's id.</summary>
    public string RunId => runId;

    /// <summary>What the paths of all its objects begin with but those of the index.</summary>
    internal string Root => _place.Root;

    /// <inheritdoc cref="RunPlace.Head"/>
    internal string Head => _place.Head;

    /// <inheritdoc cref="RunPlace.Lease"/>
    internal string Lease => _place.Lease;

    /// <inheritdoc cref="RunPlace.OldState"/>
    internal string OldState => _place.OldState;

    /// <inheritdoc cref="RunPlace.Open"/>
    public string Open => _place.Open;

    /// <inheritdoc cref="RunPlace.AllDone"/>
    public string AllDone => _place.AllDone;

    /// <inheritdoc cref="RunPlace.OldDone"/>
    internal string OldDone => _place.OldDone;

    private string MessageRoot => Root + "messages/";

    /// <summary>The place of a run whose id someone chose.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is no id.</exception>
    public static RunFolder Of(string flow, string runId) =>
        DefinedName.FaultIn(runId, Limits.MaxRunIdLength) is null ? new(flow, runId) : throw FlowErrors.RunIdInvalid(runId);

    /// <summary>The name of what is held while a run of a flow is looked for or begun.</summary>
    internal const string ResumeName = $"resume{Extension}";

    /// <summary>Held while a run of the flow is looked for or begun.</summary>
    internal static string ResumeLease(string flow) => $"{IndexOf(flow)}{ResumeName}";

    /// <summary>What the paths of the summaries of a flow's unfinished runs begin with.</summary>
    internal static string OpenOf(string flow) => RunPlace.OpenOf(StorePath.Escape(flow));

    /// <summary>What the paths of the summaries of a flow's runs begin with; of all flows for null.</summary>
    internal static string IndexOf(string? flow) => RunPlace.Index + (flow is null ? string.Empty : $"{StorePath.Escape(flow)}/");

    /// <summary>What is kept of a flow's schedule.</summary>
    internal static string ScheduleOf(string flow) => IndexOf(flow) + ScheduleName;

    /// <summary>Whether a path of the index is that of what is kept of a flow's schedule.</summary>
    internal static bool IsSchedule(string path) => path.Split('/') is [_, _, ScheduleName];

    /// <summary>The summary of a finished incarnation.</summary>
    internal string Done(string incarnation) => AllDone + incarnation + Extension;

    /// <summary>The document that the message of a step refers to.</summary>
    /// <param name="step">The step.</param>
    /// <param name="name">What the document is known by.</param>
    internal string Message(int step, string name) => $"{MessageRoot}{Number(step)}-{name}{Extension}";

    /// <summary>Says that the message of a step was sent a second time.</summary>
    internal string Resent(int step) => $"{MessageRoot}{Number(step)}.resent";

    /// <summary>Demands that an object which was found here is of this run: a store that does not tell case apart finds those of a run whose name differs in case only.</summary>
    /// <param name="store">The store's name.</param>
    /// <param name="path">The object.</param>
    /// <param name="ofFlow">The name of the flow that it is of.</param>
    /// <param name="ofRun">The id of the run that it is of.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: there is such a run. <see cref="FlowErrorId.RunDamaged"/>: the object is of another run.</exception>
    internal void DemandIsOf(string store, string path, string? ofFlow, string? ofRun)
    {
        if (ofFlow == flow && ofRun == runId)
            return;
        throw string.Equals(ofFlow, flow, StringComparison.OrdinalIgnoreCase) && string.Equals(ofRun, runId, StringComparison.OrdinalIgnoreCase)
            ? FlowErrors.RunNamesAlike(store, this, new(ofFlow!, ofRun!))
            : FlowErrors.RunDamaged(store, this, path, FlowErrors.ObjectOfAnotherRun(ofFlow, ofRun));
    }

    /// <summary>The flow and the run.</summary>
    public override string ToString() => $"{flow}, run {runId}";

    // As many digits as sort like the numbers.
    internal static string Number(int number) => number.ToString("D10", CultureInfo.InvariantCulture);
}
