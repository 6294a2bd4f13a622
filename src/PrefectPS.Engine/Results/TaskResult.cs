namespace PrefectPS.Results;

/// <summary>
/// What a task returned: in memory, in a store, or both. Immutable but for the value's first load. A secret is in memory only:
/// what a document says of it is that there was one.
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

    /// <summary>A secret that was not kept: to have it the task runs again.</summary>
    internal static TaskResult Lost { get; } = new(null, null, null, loaded: false, isSecret: true);

    /// <summary>The result of a body that is known to have put out nothing.</summary>
    internal static TaskResult Nothing { get; } = new(null, null, null, loaded: true);

    /// <summary>The result of a task that succeeded without saying what its result is.</summary>
    internal static TaskResult Missing { get; } = new(null, null, null, loaded: true);

    /// <summary>The result of a body that a plan says would run: there is none, and who reads it comes to know so.</summary>
    internal static TaskResult NotMade { get; } = new(null, null, null, loaded: false);

    /// <summary>Whether the body that is to make it has not run.</summary>
    internal bool IsNotMade => ReferenceEquals(this, NotMade);

    /// <summary>Whether the body is known to have put out nothing.</summary>
    internal bool IsNothing => ReferenceEquals(this, Nothing);

    /// <summary>Whether nothing is known of it.</summary>
    internal bool IsMissing => ReferenceEquals(this, Missing);

    /// <summary>Whether it is never written.</summary>
    internal bool IsSecret { get; }

    /// <summary>Whether it was a secret, and is gone.</summary>
    internal bool IsLost => IsSecret && !_loaded;

    /// <summary>The path below the store's root; null where the result is in memory only.</summary>
    internal string? Location { get; }

    /// <summary>Whether it stands in this store.</summary>
    internal bool IsIn(ResultStore results) => _source is null || _source.Store.Address == results.Store.Address;

    /// <summary>Whether <see cref="Value"/> is in memory: to have it nothing is read.</summary>
    internal bool IsLoaded => _loaded;

    /// <summary>The name of the form it has there, where its extension does not say it.</summary>
    internal string? Serializer { get; }

    /// <summary>Whether <see cref="Value"/> can be had: a location that came without its store cannot be read.</summary>
    internal bool IsReadable => _loaded || _source is not null;

    /// <summary>The value; read from the store on first use.</summary>
    /// <exception cref="FlowException">It cannot be read: <see cref="FlowErrorId.StoreFailed"/> or <see cref="FlowErrorId.ResultInvalid"/>.</exception>
    /// <exception cref="NotKnownYetException">It <see cref="IsNotMade"/>.</exception>
    internal object? Value
    {
        get
        {
            if (!_loaded)
            {
                if (IsLost)
                    throw FlowErrors.ResultNotKept();
                if (IsNotMade)
                    throw new NotKnownYetException();
                _value = Read(_source ?? throw FlowErrors.ResultWithoutStore(Location!));
                _loaded = true;
            }

            return _value;
        }
    }

    /// <summary>
    /// The fault of the store by which the value could last not be read; null for none. Who reads it may be code of the user's own, that keeps the fault for itself.
    /// </summary>
    internal FlowException? StoreFault { get; set; }

    /// <summary>A result that lives in memory; null for no value.</summary>
    public static TaskResult? Of(object? value) => value is null ? null : new TaskResult(value, null, null, loaded: true);

    /// <summary>A result that is never written; null for no value.</summary>
    internal static TaskResult? Secret(object? value) => value is null ? null : new TaskResult(value, null, null, loaded: true, isSecret: true);

    /// <summary>The same result, never written from now on.</summary>
    /// <exception cref="FlowException">It is in a store, and cannot be read.</exception>
    internal static TaskResult? AsSecret(TaskResult? result) =>
        result is null or { IsSecret: true } or { IsNotMade: true } or { IsNothing: true } or { IsMissing: true } ? result : Secret(result.Value);

    /// <summary>Whether it must not be written: it was said to be a secret, or holds one.</summary>
    internal bool HoldsSecret(IValueAdapter adapter) => IsSecret || (Location is null && Secrets.In(_value, adapter));

    /// <summary>A result that was just written to a location.</summary>
    /// <param name="kept">The value as it will be read there; null where it has to be read.</param>
    /// <param name="location">The path below the store's root.</param>
    /// <param name="serializer">The name of its form, where the extension does not say it.</param>
    /// <param name="source">The store.</param>
    internal static TaskResult Written(object? kept, string location, string? serializer, ResultStore source) =>
        new(kept, location, source, loaded: kept is not null, serializer: serializer);

    /// <summary>The same result in its store, to be read from there.</summary>
    internal TaskResult Unread() => At(Location!, Serializer, _source);

    /// <summary>A result that can be read from a location; without a source it can only be passed on.</summary>
    /// <param name="location">The path below the store's root.</param>
    /// <param name="serializer">The name of its form, where the extension does not say it.</param>
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
