using System.Security.Cryptography;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Orleans.Steps;

/// <summary>Creates the work items of a flow's bodies.</summary>
/// <param name="flow">The flow that is run.</param>
/// <param name="isEncrypted">Whether messages to workers are encrypted.</param>
/// <param name="marshaler">Creates the requests.</param>
internal sealed class WorkItemFactory(Flow flow, bool isEncrypted, IBodyMarshaler marshaler)
{
    private readonly PayloadPacker _unrecorded = new(flow.Services, store: null, isEncrypted, FileCopies.OfProcess);
    private readonly PayloadPacker _recorded = new(flow.Services, flow.Store, isEncrypted, FileCopies.OfProcess);

    /// <summary>The flow version that workers must have.</summary>
    public FlowVersion Version { get; } = new(flow.Name, flow.Freeze().Fingerprint);

    /// <summary>The packer of a run's payloads, with the store only where the run is on record.</summary>
    public PayloadPacker PackerFor(FlowContext context) => context.Record is null ? _unrecorded : _recorded;

    /// <summary>Creates the work item of a body, still without a dispatch id.</summary>
    /// <exception cref="Exception">The body's inputs cannot be serialized.</exception>
    public WorkItem Pack(FlowTask task, FlowContext context, TaskArguments arguments)
    {
        var place = context.Record is { } record ? $"{record.Results}cluster/" : null;
        var request = marshaler.CreateRequest(task, context, arguments, place);
        var payload = Pack(task, request, PackerFor(context), $"{place}orders/{Guid.NewGuid():n}.json");
        return new(
            DispatchId: string.Empty, context.Record?.Incarnation, KeyOf(request, context), Version.Name, Version.Fingerprint,
            context.Output?.Label ?? task.Slug, payload.Content, payload.Location, Alone: false);
    }

    private Payload Pack(FlowTask task, BodyRequest request, PayloadPacker packer, string location)
    {
        try
        {
            return packer.Pack(request.ToTable(hidesSecrets: !isEncrypted), location, isSecret: false);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            throw marshaler.Explain(request, task, e);
        }
    }

    private string? KeyOf(BodyRequest request, FlowContext context)
    {
        if (context.Record is null)
            return null;
        try
        {
            return $"{context.Output?.Label}\n{context.RunCount}\n{Convert.ToHexString(SHA256.HashData(request.ContentToCompare(flow.Services.Values)))}";
        }
        catch (FlowException)
        {
            return null; // for example a secret among the inputs
        }
    }
}
