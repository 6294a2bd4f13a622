using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A channel in a shared folder. A message is a file, locked by renaming it.</summary>
/// <remarks>
/// A file's name has the time from which its message is available: its due time at first, then the end of its lock. A crashed process
/// leaves nothing to clean up. Machines that share the folder must agree on the time to within a fraction of the lock.
/// </remarks>
public sealed class FolderChannel : IFlowChannel
{
    private const string DeadFolder = "dead";
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly TempFiles _tempFiles = new();

    /// <summary>Creates a channel; the folder is created with the first message.</summary>
    public FolderChannel(string folder, TimeProvider clock)
    {
        _folder = Path.GetFullPath(folder);
        _clock = clock;
    }

    /// <inheritdoc/>
    public string Name => _folder;

    /// <inheritdoc/>
    public int MaxDocumentBytes => Limits.MaxDocumentBytes;

    /// <inheritdoc/>
    public IFlowChannel DeadLetters => new FolderChannel(Path.Combine(_folder, DeadFolder), _clock);

    /// <inheritdoc/>
    public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (message.Document.Length > MaxDocumentBytes)
            throw ProviderErrors.MessageTooLarge(this, message.Document.Length);
        string? temp = null;
        try
        {
            Directory.CreateDirectory(_folder);
            _tempFiles.Sweep(_folder);
            temp = TempFiles.NewName(_folder);
            using (var file = new FileStream(temp, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                var bytes = MessageText.Write(message);
                file.Write(bytes, 0, bytes.Length);
                file.Flush(flushToDisk: true);
            }

            var now = _clock.GetUtcNow();
            AtomicFile.Move(temp, MessageFile.New(_folder, now, message.NotBefore ?? now).Path);
            return default;
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            if (temp is not null)
                AtomicFile.TryDelete(temp);
            throw ProviderErrors.ChannelFailed(this, "send", fault);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(_ => new(Take(lockTime)), wait, LongestPause, cancellationToken);

    private FolderDelivery? Take(TimeSpan lockTime)
    {
        try
        {
            var now = _clock.GetUtcNow();
            foreach (var file in MessagesDue(now))
            {
                var claimed = file with { Due = now + lockTime, Count = file.Count + 1 };
                if (claimed.TryTakeFrom(file))
                    return new(this, _clock, claimed, MessageText.Read(File.ReadAllBytes(claimed.Path)));
            }

            return null;
        }
        catch (Exception e) when (StoreFault.OfFile(e) is { } fault)
        {
            throw ProviderErrors.ChannelFailed(this, "receive", fault);
        }
    }

    private IEnumerable<MessageFile> MessagesDue(DateTimeOffset now)
    {
        if (!Directory.Exists(_folder))
            return [];
        return Directory.GetFiles(_folder, $"*{MessageFile.Extension}")
            .Select(MessageFile.Parse)
            .OfType<MessageFile>()
            .Where(file => file.Due <= now)
            .OrderBy(file => file.Id, StringComparer.Ordinal);
    }
}
