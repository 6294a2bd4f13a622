using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>The results in a store, and both ways through their forms.</summary>
public sealed class ResultStore(IFlowStore store, ResultSerializers serializers)
{
    /// <summary>The store.</summary>
    internal IFlowStore Store => store;

    /// <summary>The forms that there are.</summary>
    internal ResultSerializers Serializers => serializers;

    /// <summary>Writes a value.</summary>
    /// <param name="location">Its place.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">Its form.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The result as every later reader will see it.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    internal TaskResult Write(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        using var content = serializer.Write(value, new(store, location, cancellationToken));
        store.WriteAsync(location, content.Stream, WriteCondition.Always, cancellationToken).Wait();
        return TaskResult.Written(content.Kept, location, NameToKeep(location, serializer), this);
    }

    /// <summary>
    /// Writes a value to a location that nobody else writes, or beside it: a file system may fold names, of accents or letters of other scripts, in ways of its
    /// own, and take this location for one that is written already.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    internal TaskResult WriteOnce(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        using var content = serializer.Write(value, new(store, location, cancellationToken));
        return store.TryWrite(location, content.Stream, WriteCondition.IfAbsent, cancellationToken)
            ? TaskResult.Written(content.Kept, location, NameToKeep(location, serializer), this)
            : Write(Beside(location), value, serializer, cancellationToken);
    }

    /// <summary>Begins to write a value to a location that others may write, too. The files it refers to are stored; it is not yet.</summary>
    /// <inheritdoc cref="Write"/>
    internal ResultWrite Begin(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        var content = serializer.Write(value, new(store, location, cancellationToken));
        return new(this, TaskResult.Written(content.Kept, location, NameToKeep(location, serializer), this), content, cancellationToken);
    }

    /// <summary>The result at a location, not read yet; null where there is none.</summary>
    /// <param name="location">Its place.</param>
    /// <param name="serializer">The name of its form; null for the one its extension stands for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal TaskResult? Find(string location, string? serializer, CancellationToken cancellationToken)
    {
        using var found = store.ReadAsync(location, cancellationToken).Wait();
        return found is null ? null : TaskResult.At(location, serializer is null ? null : NameToKeep(location, serializers.Get(serializer)), this);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="location">Its place.</param>
    /// <param name="serializer">The name of its form; null for the one its extension stands for.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? Read(string location, string? serializer)
    {
        var form = serializer is null ? serializers.Of(location) : serializers.Get(serializer);
        using var found = store.ReadAsync(location, CancellationToken.None).Wait() ?? throw FlowErrors.ResultMissing(store.Name, location);
        try
        {
            return form.Read(found, new(store, location, CancellationToken.None));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.ResultInvalid(store.Name, location, e);
        }
    }

    private static string Beside(string location) => $"{location.Substring(0, location.LastIndexOf('/') + 1)}{Guid.NewGuid():n}{Path.GetExtension(location)}";

    // What the location says need not be said again.
    private string? NameToKeep(string location, IResultSerializer serializer) =>
        ReferenceEquals(serializers.Of(location), serializer) ? null : serializer.Name;
}
