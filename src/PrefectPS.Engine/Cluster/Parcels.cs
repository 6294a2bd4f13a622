using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Cluster;

/// <summary>
/// Packs values for another process, in the form of the state document. What is large, and the files that a value refers to, go by the flow's store where there is one;
/// a secret never does.
/// </summary>
/// <param name="services">How values are taken apart.</param>
/// <param name="store">The flow's store; null where it has none.</param>
/// <param name="isEncrypted">Whether messages are: they may hold secrets then.</param>
internal sealed class Parcels(FlowServices services, IFlowStore? store, bool isEncrypted)
{
    /// <summary>From how many bytes on a value goes by the store.</summary>
    public const int MaxInline = 64 * 1024;

    /// <summary>How many bytes a message takes where there is no store: it holds up all others for as long.</summary>
    public const int MaxMessage = 16 * 1024 * 1024;

    private readonly JsonSerializer _plain = new(services.Values);
    private readonly JsonSerializer _secret = new(isEncrypted ? services.SecretValues : services.Values);

    /// <summary>Packs a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="location">Where it may stand in the store, which nobody else writes to.</param>
    /// <param name="isSecret">Whether it must not be written, whatever it is.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: it cannot be sent. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public Parcel Pack(object value, string location, bool isSecret)
    {
        var staysOff = isSecret || Secrets.In(value, services.Values);
        if (store is null || staysOff)
            return new(Fitting(_secret.ToBytes(value)), Location: null);
        using var content = _plain.Write(value, new(store, location, CancellationToken.None));
        if (content.Stream.Length <= MaxInline)
            return new(BytesOf(content.Stream), location);
        store.WriteAsync(location, content.Stream, WriteCondition.Always, CancellationToken.None).Wait();
        return new(Content: null, location);
    }

    /// <summary>The value.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: it cannot be read, or it is in a store that the flow was not given here. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public object? Open(Parcel parcel)
    {
        if (parcel.Content is null)
            return new ResultStore(store ?? throw FlowErrors.ParcelWithoutStore(), services.Serializers).Read(parcel.Location!, _plain.Name);
        try
        {
            return _secret.Read(parcel.Content, parcel.Location is null || store is null ? null : new(store, parcel.Location, CancellationToken.None));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.ParcelUnreadable(e);
        }
    }

    /// <summary>Deletes what was sent by the store, once nobody needs it any more.</summary>
    public void Delete(string location)
    {
        try
        {
            store?.DeleteAsync(location, version: null, CancellationToken.None).Wait();
        }
        catch (FlowException)
        {
            // It goes with the run.
        }
    }

    private static byte[] BytesOf(Stream content)
    {
        var bytes = new byte[checked((int)content.Length)];
        content.Fill(bytes);
        return bytes;
    }

    private byte[] Fitting(byte[] content) => content.Length <= MaxMessage ? content : throw FlowErrors.ParcelTooLarge(content.Length, MaxMessage, store is not null);
}
