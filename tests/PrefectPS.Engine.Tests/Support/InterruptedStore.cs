using System.Runtime.CompilerServices;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A store that runs an action right before the first write of an object. If the action kills the process, later calls fail.</summary>
/// <param name="inner">The underlying store.</param>
/// <param name="part">Part of the object's path.</param>
/// <param name="happens">The action.</param>
/// <param name="skip">Number of matching writes to skip.</param>
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
