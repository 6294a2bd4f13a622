using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Reads and writes results in a store.</summary>
public sealed class ResultStore(IFlowStore store, ResultSerializers serializers)
{
    internal IFlowStore Store => store;

    /// <summary>The available formats.</summary>
    internal ResultSerializers Serializers => serializers;

    /// <summary>Serializes and stores a value.</summary>
    /// <param name="location">The path in the store.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">The format.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The result as later readers see it.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    internal TaskResult Write(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        using var content = serializer.Write(value, new(store, location, cancellationToken));
        store.WriteAsync(location, content.Stream, WriteCondition.Always, cancellationToken).Wait();
        return TaskResult.Written(content.Value, location, ExplicitName(location, serializer), this);
    }

    /// <summary>
    /// Serializes a value to a location that no other result uses, or to a sibling where that exists: a file system may fold names with accents or other scripts in its
    /// own way.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    internal TaskResult WriteOnce(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        using var content = serializer.Write(value, new(store, location, cancellationToken));
        return store.TryWrite(location, content.Stream, WriteCondition.IfAbsent, cancellationToken)
            ? TaskResult.Written(content.Value, location, ExplicitName(location, serializer), this)
            : Write(SiblingOf(location), value, serializer, cancellationToken);
    }

    /// <summary>Serializes a value for a location that others may write, too; its files are stored, the value itself is not yet.</summary>
    /// <inheritdoc cref="Write"/>
    internal ResultWrite Begin(string location, object value, IResultSerializer serializer, CancellationToken cancellationToken)
    {
        var content = serializer.Write(value, new(store, location, cancellationToken));
        return new(this, TaskResult.Written(content.Value, location, ExplicitName(location, serializer), this), content, cancellationToken);
    }

    /// <summary>Finds the result at a location without reading it; null for none.</summary>
    /// <param name="location">The path in the store.</param>
    /// <param name="serializer">The name of the format; null to select it by extension.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal TaskResult? Find(string location, string? serializer, CancellationToken cancellationToken)
    {
        using var found = store.ReadAsync(location, cancellationToken).Wait();
        return found is null ? null : TaskResult.At(location, serializer is null ? null : ExplicitName(location, serializers.Get(serializer)), this);
    }

    /// <summary>Reads a stored value.</summary>
    /// <param name="location">The path in the store.</param>
    /// <param name="serializer">The name of the format; null to select it by extension.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? Read(string location, string? serializer)
    {
        var format = serializer is null ? serializers.Of(location) : serializers.Get(serializer);
        using var found = store.ReadAsync(location, CancellationToken.None).Wait() ?? throw FlowErrors.ResultMissing(store.Name, location);
        try
        {
            return format.Read(found, new(store, location, CancellationToken.None));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.ResultInvalid(store.Name, location, e);
        }
    }

    private static string SiblingOf(string location) => $"{location.Substring(0, location.LastIndexOf('/') + 1)}{Guid.NewGuid():n}{Path.GetExtension(location)}";

    // Null where the extension already selects the format.
    private string? ExplicitName(string location, IResultSerializer serializer) =>
        ReferenceEquals(serializers.Of(location), serializer) ? null : serializer.Name;
}
