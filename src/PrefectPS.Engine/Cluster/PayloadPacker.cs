using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Cluster;

/// <summary>
/// Serializes values for another process, in the value format of state documents. Large values, and files that a value refers to, go to the flow's store if it has one;
/// secrets never do.
/// </summary>
/// <param name="services">Access to the objects of the body's language.</param>
/// <param name="store">The flow's store; null for none.</param>
/// <param name="isEncrypted">Whether messages are encrypted and so may hold secrets.</param>
/// <param name="copies">Keeps local copies of received files.</param>
public sealed class PayloadPacker(FlowServices services, IFlowStore? store, bool isEncrypted, FileCopies copies)
{
    /// <summary>The largest inline payload in bytes, where there is a store.</summary>
    internal const int MaxInline = 64 * 1024;

    /// <summary>The largest inline payload in bytes, where there is no store; a larger one would block other messages too long.</summary>
    internal const int MaxMessage = 16 * 1024 * 1024;

    private readonly IFlowStore? _store = store is MemoryStore ? null : store; // memory is not shared between processes
    private readonly JsonSerializer _plain = new(services.Values);
    private readonly JsonSerializer _secret = new(isEncrypted ? services.SecretValues : services.Values);

    /// <summary>Serializes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="location">The path it gets in the store, used by no one else.</param>
    /// <param name="isSecret">Whether the value must stay out of the store, whatever it is.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the value cannot be sent. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public Payload Pack(object value, string location, bool isSecret)
    {
        var mustStayInline = isSecret || Secrets.Contains(value, services.Values);
        if (_store is null || mustStayInline)
            return new(Fitting(_secret.ToBytes(value)), Location: null);
        var files = new ResultFiles(_store, location, CancellationToken.None);
        using var content = _plain.Write(value, files);
        if (content.Stream.Length <= MaxInline)
            return new(BytesOf(content.Stream), files.HasFiles ? location : null);
        _store.WriteAsync(location, content.Stream, WriteCondition.Always, CancellationToken.None).Wait();
        return new(Content: null, location);
    }

    /// <summary>Deserializes a value.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: the payload cannot be read, or is in a store that the flow lacks here. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public object? Open(Payload payload)
    {
        var place = payload.Location is null ? null : _store ?? throw FlowErrors.PayloadWithoutStore();
        var files = place is null ? null : new ResultFiles(place, payload.Location!, CancellationToken.None) { Copies = copies, Missing = FlowErrors.PayloadMissing };
        try
        {
            if (payload.Content is not null)
                return _secret.Read(payload.Content, files);
            using var stored = place!.ReadAsync(payload.Location!, CancellationToken.None).Wait() ?? throw FlowErrors.PayloadMissing(place.Name, payload.Location!);
            return _plain.Read(stored, files!);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.PayloadUnreadable(e);
        }
    }

    /// <summary>Deletes a payload from the store, with its files; a failure is ignored.</summary>
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
            // It is deleted with the run.
        }
    }

    private static byte[] BytesOf(Stream content)
    {
        var bytes = new byte[checked((int)content.Length)];
        content.Fill(bytes);
        return bytes;
    }

    private byte[] Fitting(byte[] content) => content.Length <= MaxMessage ? content : throw FlowErrors.PayloadTooLarge(content.Length, MaxMessage, _store is not null);
}

/// <summary>A serialized value in transit between processes: inline or in the flow's store.</summary>
/// <param name="Content">The JSON; null where it is in the store.</param>
/// <param name="Location">The path in the store of the value, or of the files it refers to; null where it is wholly inline.</param>
public readonly record struct Payload(byte[]? Content, string? Location);
