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
/// <param name="copies">Where the files go that a value refers to.</param>
public sealed class Parcels(FlowServices services, IFlowStore? store, bool isEncrypted, FileCopies copies)
{
    /// <summary>From how many bytes on a value goes by the store.</summary>
    internal const int MaxInline = 64 * 1024;

    /// <summary>How many bytes a message takes where there is no store: it holds up all others for as long.</summary>
    internal const int MaxMessage = 16 * 1024 * 1024;

    private readonly IFlowStore? _store = store is MemoryStore ? null : store; // no other process has that
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
        if (_store is null || staysOff)
            return new(Fitting(_secret.ToBytes(value)), Location: null);
        var files = new ResultFiles(_store, location, CancellationToken.None);
        using var content = _plain.Write(value, files);
        if (content.Stream.Length <= MaxInline)
            return new(BytesOf(content.Stream), files.HasTaken ? location : null);
        _store.WriteAsync(location, content.Stream, WriteCondition.Always, CancellationToken.None).Wait();
        return new(Content: null, location);
    }

    /// <summary>The value.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: it cannot be read, or it is in a store that the flow was not given here. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public object? Open(Parcel parcel)
    {
        var place = parcel.Location is null ? null : _store ?? throw FlowErrors.ParcelWithoutStore();
        var files = place is null ? null : new ResultFiles(place, parcel.Location!, CancellationToken.None) { Copies = copies, Missing = FlowErrors.ParcelMissing };
        try
        {
            if (parcel.Content is not null)
                return _secret.Read(parcel.Content, files);
            using var stored = place!.ReadAsync(parcel.Location!, CancellationToken.None).Wait() ?? throw FlowErrors.ParcelMissing(place.Name, parcel.Location!);
            return _plain.Read(stored, files!);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.ParcelUnreadable(e);
        }
    }

    /// <summary>Deletes what was sent by the store, with the files that it refers to, once nobody needs it any more.</summary>
    public void Delete(string location)
    {
        if (_store is null)
            return;
        try
        {
            _store.DeleteAsync(location, version: null, CancellationToken.None).Wait();
            foreach (var file in _store.ListAsync(ResultFiles.FolderOf(location), CancellationToken.None).Wait().ToArray())
                _store.DeleteAsync(file.Path, version: null, CancellationToken.None).Wait();
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

    private byte[] Fitting(byte[] content) => content.Length <= MaxMessage ? content : throw FlowErrors.ParcelTooLarge(content.Length, MaxMessage, _store is not null);
}
