using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>The results in a store: which form a path's extension asks for, and both ways through it.</summary>
internal sealed class ResultStore(IFlowStore store, IValueAdapter values)
{
    private static readonly HashSet<string> TextExtensions = new(
        [".txt", ".log", ".md", ".csv", ".tsv", ".htm", ".html", ".xml", ".yml", ".yaml"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The store.</summary>
    public IFlowStore Store => store;

    private readonly JsonSerializer _json = new(values);
    private readonly TextSerializer _text = new(values);

    /// <summary>Writes a value.</summary>
    /// <returns>The result as every later reader will see it.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public TaskResult Write(string location, object value, CancellationToken cancellationToken)
    {
        var content = SerializerOf(location).Write(value, out var kept);
        Wait(store.WriteAsync(location, content, WriteCondition.Always, cancellationToken));
        return TaskResult.Written(kept, location, this);
    }

    /// <summary>The result at a location, not read yet; null where there is none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public TaskResult? Find(string location, CancellationToken cancellationToken)
    {
        using var found = Wait(store.ReadAsync(location, cancellationToken));
        return found is null ? null : TaskResult.At(location, this);
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? Read(string location)
    {
        using var found = Wait(store.ReadAsync(location, CancellationToken.None)) ?? throw FlowErrors.ResultMissing(store.Name, location);
        var content = Wait(found.ReadAllAsync(CancellationToken.None));
        try
        {
            return SerializerOf(location).Read(content);
        }
        catch (FormatException e)
        {
            throw FlowErrors.ResultInvalid(store.Name, location, e);
        }
    }

    private IResultSerializer SerializerOf(string location) =>
        TextExtensions.Contains(Path.GetExtension(location)) ? _text : _json;

    // Task bodies run on the pipeline's thread, which has no synchronization context: to wait here is safe.
    private static T Wait<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
