using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>A serialized value about to be written to a location that others may write, too.</summary>
internal sealed class ResultWrite(ResultStore results, TaskResult result, ResultContent content, CancellationToken cancellationToken) : IDisposable
{
    private readonly string _location = result.Location!;

    /// <summary>The result, valid once written.</summary>
    public TaskResult Result => result;

    /// <summary>Returns the condition that the location still holds what it holds now.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public WriteCondition GetCondition()
    {
        using var found = results.Store.ReadAsync(_location, cancellationToken).Wait();
        return WriteCondition.IfUnchanged(found?.Version);
    }

    /// <summary>Finds the result at the location, whoever wrote it; null for none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public TaskResult? Find() => results.Find(_location, result.Serializer, cancellationToken);

    /// <summary>Writes the value on a condition.</summary>
    /// <returns>False where another writer was first.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool TryWrite(WriteCondition condition) => results.Store.TryWrite(_location, content.Stream, condition, cancellationToken);

    /// <summary>Records the fingerprint of the script and inputs that produced the value.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Record(TargetFingerprint fingerprint) => new TargetRecords(results.Store).Add(_location, content.Stream, fingerprint, cancellationToken);

    public void Dispose() => content.Dispose();
}
