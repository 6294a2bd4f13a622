using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Sends an event to a run: a task that waits for it continues what it brings.</para></summary>
[Cmdlet(VerbsCommunications.Send, "FlowEvent", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState), typeof(FlowRun), typeof(string))]
public sealed class SendFlowEventCommand : ControlCmdlet
{
    private ControlRequest? _sent;

    /// <summary>The event's name, as in Add-FlowTask -WaitForEvent.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Values for parameters of the task's script block, by name.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNull]
    public object? Payload { get; set; }

    /// <inheritdoc/>
    private protected override RequestKind Kind => RequestKind.Event;

    /// <inheritdoc/>
    private protected override string Action => $"Send event '{Name}'";

    /// <inheritdoc/>
    private protected override ControlRequest Complete(ControlRequest request, Flow? flow)
    {
        if (DefinedName.FaultIn(Name) is { } fault)
            throw FlowErrors.EventInvalid(Name, $"its name {fault}");
        var payload = EventPayload.Write(Name, Table(), PowerShellValues.Instance);
        if (flow is not null)
            EventRecipients.Require(flow, Name, payload);
        return _sent = request with { Event = new(Name, payload) };
    }

    /// <inheritdoc/>
    private protected override FlowState ApplyInHand(FlowState run)
    {
        var request = Complete(RunRequest.New(Kind, Id, RequestedBy, Reason, run.Flow.Services.Clock), run.Flow);
        var after = run.Identity.Control.Knows(request.Id) ? run : RequestApplication.Apply(run, request);
        Look(after);
        return after;
    }

    /// <inheritdoc/>
    private protected override void Look(FlowState run)
    {
        if (run.IsOver)
            WarnOfEnd(run, "take an event");
        else if (!run.Identity.Control.Events.Any(kept => kept.Id == _sent!.Id) && !run.Identity.Control.Events.HasRoomFor(_sent!.Event!.Payload))
            throw ModuleErrors.EventNotKept(run, Name);
    }

    // Objects from ConvertFrom-Json are treated like hashtables.
    private IDictionary? Table() => PowerShellValues.Instance.Unwrap(Payload) switch
    {
        null => null,
        IDictionary table => table,
        PSObject custom => Properties(custom),
        var other => throw FlowErrors.EventInvalid(Name, $"its -Payload is to be a hashtable of parameters and values, as @{{ Answer = 'yes' }}, and not {other.GetType().Name}"),
    };

    private static Hashtable Properties(PSObject payload)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var property in payload.Properties)
            table[property.Name] = property.Value;
        return table;
    }
}
