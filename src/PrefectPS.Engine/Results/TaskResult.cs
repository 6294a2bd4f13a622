namespace PrefectPS.Results;

/// <summary>What a task returned: in memory, in a store, or both. Immutable but for the value's first load.</summary>
internal sealed class TaskResult
{
    private readonly ResultStore? _source;
    private object? _value;
    private volatile bool _loaded;

    private TaskResult(object? value, string? location, ResultStore? source, bool loaded)
    {
        _value = value;
        Location = location;
        _source = source;
        _loaded = loaded;
    }

    /// <summary>The path below the store's root; null where the result is in memory only.</summary>
    public string? Location { get; }

    /// <summary>Whether <see cref="Value"/> can be had: a location that came without its store cannot be read.</summary>
    public bool IsReadable => _loaded || _source is not null;

    /// <summary>The value; read from the store on first use.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    public object? Value
    {
        get
        {
            if (!_loaded)
            {
                _value = (_source ?? throw FlowErrors.ResultWithoutStore(Location!)).Read(Location!);
                _loaded = true;
            }

            return _value;
        }
    }

    /// <summary>A result that lives in memory; null for no value.</summary>
    public static TaskResult? Of(object? value) => value is null ? null : new TaskResult(value, null, null, loaded: true);

    /// <summary>A result that was just written to <paramref name="location"/>.</summary>
    public static TaskResult Written(object value, string location, ResultStore source) => new(value, location, source, loaded: true);

    /// <summary>The same, where its location is one in another store.</summary>
    public TaskResult In(ResultStore? source) => Location is null ? this : At(Location, source);

    /// <summary>A result that can be read from <paramref name="location"/>; without a source it can only be passed on.</summary>
    public static TaskResult At(string location, ResultStore? source) => new(null, location, source, loaded: false);
}
