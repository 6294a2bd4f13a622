using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store in which something happens right before an object is first written. Where that kills the process, no later call gets through.</summary>
/// <param name="inner">The store that does the work.</param>
/// <param name="part">A part of the object's path.</param>
/// <param name="happens">What happens.</param>
/// <param name="skip">How many writes to such paths come before.</param>
internal sealed class InterruptedStore(IFlowStore inner, string part, Action happens, int skip = 0) : IFlowStore
{
    private int _skip = skip;
    private bool _hasHappened;
    private bool _isDead;

    public string Name => inner.Name;

    public string Address => inner.Address;

    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.ReadAsync(path, cancellationToken);
    }

    public ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        if (!_hasHappened && path.Contains(part, StringComparison.Ordinal) && --_skip < 0)
        {
            _hasHappened = true;
            try
            {
                happens();
            }
            catch (ProcessKilledException)
            {
                _isDead = true;
                throw;
            }
        }

        return inner.WriteAsync(path, content, condition, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.DeleteAsync(path, version, cancellationToken);
    }

    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDead();
        await foreach (var entry in inner.ListAsync(prefix, cancellationToken))
            yield return entry;
    }

    private void ThrowIfDead()
    {
        if (_isDead)
            throw new ProcessKilledException();
    }
}
