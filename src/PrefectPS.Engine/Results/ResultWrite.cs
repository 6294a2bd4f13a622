using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>A value in its form, on its way to a location that others may write, too.</summary>
internal sealed class ResultWrite(ResultStore results, TaskResult result, ResultContent content, CancellationToken cancellationToken) : IDisposable
{
    private readonly string _location = result.Location!;

    /// <summary>The result, once it is written.</summary>
    public TaskResult Result => result;

    /// <summary>Looks at what is at the location.</summary>
    /// <returns>The condition that this has not changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public WriteCondition Look()
    {
        using var found = results.Store.ReadAsync(_location, cancellationToken).Wait();
        return WriteCondition.IfUnchanged(found?.Version);
    }

    /// <summary>The result that is at the location, whose it may be; null where there is none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public TaskResult? Find() => results.Find(_location, result.Serializer, cancellationToken);

    /// <summary>Writes it on a condition.</summary>
    /// <returns>Whether it is there now; false where another was first.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool TryWrite(WriteCondition condition) => results.Store.TryWrite(_location, content.Stream, condition, cancellationToken);

    /// <summary>Takes down by what it was made.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Record(TargetMark mark) => new TargetRecords(results.Store).Add(_location, content.Stream, mark, cancellationToken);

    public void Dispose() => content.Dispose();
}
