namespace PrefectPS.Results;

/// <summary>
/// A task's return value: in memory, in a store, or both. Immutable except for loading the value once. A secret stays in memory; documents only say that there was one.
/// </summary>
public sealed class TaskResult
{
    private readonly ResultStore? _source;
    private object? _value;
    private volatile bool _loaded;

    private TaskResult(object? value, string? location, ResultStore? source, bool loaded, bool isSecret = false, string? serializer = null)
    {
        IsSecret = isSecret;
        Serializer = serializer;
        _value = value;
        Location = location;
        _source = source;
        _loaded = loaded;
    }

    /// <summary>A secret that was not kept; the task must run again to restore it.</summary>
    internal static TaskResult Lost { get; } = new(null, null, null, loaded: false, isSecret: true);

    /// <summary>The result of a body known to have output nothing.</summary>
    public static TaskResult Empty { get; } = new(null, null, null, loaded: true);

    /// <summary>The result of a task whose success was reported without saying what it returned.</summary>
    public static TaskResult Unspecified { get; } = new(null, null, null, loaded: true);

    /// <summary>The placeholder result of a body that a plan would run; reading it throws.</summary>
    public static TaskResult Planned { get; } = new(null, null, null, loaded: false);

    /// <summary>True if this is <see cref="Planned"/>.</summary>
    public bool IsPlanned => ReferenceEquals(this, Planned);

    /// <summary>True if this is <see cref="Empty"/>.</summary>
    public bool IsEmpty => ReferenceEquals(this, Empty);

    /// <summary>True if this is <see cref="Unspecified"/>.</summary>
    public bool IsUnspecified => ReferenceEquals(this, Unspecified);

    /// <summary>True if the result is never written.</summary>
    internal bool IsSecret { get; }

    /// <summary>True if the result was a secret that is no longer in memory.</summary>
    internal bool IsLost => IsSecret && !_loaded;

    /// <summary>The path in the store; null for a result in memory only.</summary>
    internal string? Location { get; }

    /// <summary>True if the result is readable from this store.</summary>
    internal bool IsIn(ResultStore results) => _source is null || _source.Store.Address == results.Store.Address;

    /// <summary>True if <see cref="Value"/> is in memory.</summary>
    internal bool IsLoaded => _loaded;

    /// <summary>The name of the format, where the extension does not select it.</summary>
    internal string? Serializer { get; }

    /// <summary>True if <see cref="Value"/> can be loaded; a location without a store cannot.</summary>
    internal bool IsReadable => _loaded || _source is not null;

    /// <summary>The value, loaded from the store on first use.</summary>
    /// <exception cref="FlowException">The value cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    /// <exception cref="NotKnownYetException">The result is <see cref="Planned"/>.</exception>
    internal object? Value
    {
        get
        {
            if (!_loaded)
            {
                if (IsLost)
                    throw FlowErrors.ResultNotKept();
                if (IsPlanned)
                    throw new NotKnownYetException();
                _value = Read(_source ?? throw FlowErrors.ResultWithoutStore(Location!));
                _loaded = true;
            }

            return _value;
        }
    }

    /// <summary>The store's error in the last attempt to load the value; null for none. Kept because user code that reads the value may swallow the exception.</summary>
    internal FlowException? StoreFault { get; set; }

    /// <summary>Creates a result in memory; null for null.</summary>
    public static TaskResult? Of(object? value) => value is null ? null : new TaskResult(value, null, null, loaded: true);

    /// <summary>Creates a secret result; null for null.</summary>
    internal static TaskResult? Secret(object? value) => value is null ? null : new TaskResult(value, null, null, loaded: true, isSecret: true);

    /// <summary>Marks a result as secret.</summary>
    /// <exception cref="FlowException">The result is in a store and cannot be read.</exception>
    internal static TaskResult? AsSecret(TaskResult? result) =>
        result is null or { IsSecret: true } or { IsPlanned: true } or { IsEmpty: true } or { IsUnspecified: true } ? result : Secret(result.Value);

    /// <summary>True if the result must not be written: it is marked as secret or contains one.</summary>
    public bool HoldsSecret(IValueAdapter adapter) => IsSecret || (Location is null && Secrets.Contains(_value, adapter));

    /// <summary>Creates the result of a value just written to a location.</summary>
    /// <param name="kept">The value as later readers see it; null where it must be read back.</param>
    /// <param name="location">The path in the store.</param>
    /// <param name="serializer">The name of the format, where the extension does not select it.</param>
    /// <param name="source">The store.</param>
    internal static TaskResult Written(object? kept, string location, string? serializer, ResultStore source) =>
        new(kept, location, source, loaded: kept is not null, serializer: serializer);

    /// <summary>The same result, not loaded.</summary>
    internal TaskResult Unread() => At(Location!, Serializer, _source);

    /// <summary>Creates a result at a location; without a store it can only be passed on.</summary>
    /// <param name="location">The path in the store.</param>
    /// <param name="serializer">The name of the format, where the extension does not select it.</param>
    /// <param name="source">The store.</param>
    internal static TaskResult At(string location, string? serializer, ResultStore? source) =>
        new(null, location, source, loaded: false, serializer: serializer);

    private object? Read(ResultStore source)
    {
        try
        {
            return source.Read(Location!, Serializer);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
            StoreFault = e;
            throw;
        }
    }
}
