using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A delivery from a folder, valid while the file has the name it was locked with.</summary>
internal sealed class FolderDelivery(FolderChannel channel, TimeProvider clock, MessageFile file, ChannelMessage message) : IDelivery
{
    private readonly object _gate = new();
    private MessageFile _file = file;

    public ChannelMessage Message => message;

    public string Id => _file.Id;

    public int? Count => _file.Count;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => Change("complete a message", Delete, cancellationToken);

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        Change("put a message back", () => Rename(delay), cancellationToken);

    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Change("keep a message", () => Rename(time), cancellationToken);

    private bool Delete()
    {
        if (!File.Exists(_file.Path))
            return false;
        File.Delete(_file.Path);
        return true;
    }

    private bool Rename(TimeSpan time)
    {
        var renamed = _file with { Due = clock.GetUtcNow() + time };
        if (renamed == _file || !renamed.TryTakeFrom(_file))
            return renamed == _file;
        _file = renamed;
        return true;
    }

    private ValueTask<bool> Change(string operation, Func<bool> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            lock (_gate)
                return new(change());
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.ChannelFailed(channel, operation, fault);
        }
    }
}
