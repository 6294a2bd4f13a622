using System.Security.Cryptography;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Orleans.Steps;

/// <summary>Packs bodies of a flow as they are sent to workers.</summary>
/// <param name="flow">The flow that is run.</param>
/// <param name="isEncrypted">Whether messages to the workers are.</param>
/// <param name="courier">Makes orders of bodies.</param>
internal sealed class OrderPacker(Flow flow, bool isEncrypted, IBodyCourier courier)
{
    private readonly Parcels _unrecorded = new(flow.Services, store: null, isEncrypted, FileCopies.OfProcess);
    private readonly Parcels _recorded = new(flow.Services, flow.Store, isEncrypted, FileCopies.OfProcess);

    /// <summary>The flow, as a worker has to have it.</summary>
    public FlowVersion Version { get; } = new(flow.Name, flow.Freeze().Fingerprint);

    /// <summary>Opens what comes back from a body, and deletes what was sent by the store.</summary>
    public Parcels ParcelsOf(FlowContext context) => context.Record is null ? _unrecorded : _recorded;

    /// <summary>Packs a body; its delivery is still to be numbered.</summary>
    /// <exception cref="Exception">What it is given cannot be sent.</exception>
    public WorkItem Pack(FlowTask task, FlowContext context, TaskArguments arguments)
    {
        var place = context.Record is { } record ? $"{record.Results}cluster/" : null;
        var order = courier.OrderOf(task, context, arguments, place);
        var parcel = Pack(task, order, ParcelsOf(context), $"{place}orders/{Guid.NewGuid():n}.json");
        return new(
            Delivery: string.Empty, context.Record?.Incarnation, KeyOf(order, context), Version.Name, Version.Fingerprint,
            context.Output?.Label ?? task.Slug, parcel.Content, parcel.Location, Alone: false);
    }

    private Parcel Pack(FlowTask task, BodyOrder order, Parcels parcels, string location)
    {
        try
        {
            return parcels.Pack(order.ToTable(hidesSecrets: !isEncrypted), location, isSecret: false);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            throw courier.Explain(order, task, e);
        }
    }

    private string? KeyOf(BodyOrder order, FlowContext context)
    {
        if (context.Record is null)
            return null;
        try
        {
            return $"{context.Output?.Label}\n{context.RunCount}\n{Convert.ToHexString(SHA256.HashData(order.ContentToCompare(flow.Services.Values)))}";
        }
        catch (FlowException)
        {
            return null; // a secret in it, for example
        }
    }
}
