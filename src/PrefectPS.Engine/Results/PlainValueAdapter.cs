using System.Reflection;

namespace PrefectPS.Results;

/// <summary>The adapter for plain .NET: objects are their public readable properties, a record is a dictionary.</summary>
internal sealed class PlainValueAdapter : IValueAdapter
{
    public static readonly PlainValueAdapter Instance = new(GetterTimeout.Default);

    private readonly TimeSpan _getterLimit;

    /// <param name="getterLimit">The timeout of getters that run unknown code.</param>
    public PlainValueAdapter(TimeSpan getterLimit) => _getterLimit = getterLimit;

    public KnownTypes Types { get; } = new();

    public object? Unwrap(object? value) => value;

    public ValueAnnotations? AnnotationsOf(object value) => null;

    public IEnumerable<KeyValuePair<string, object?>> NotesOf(object value) => [];

    public object WithAnnotations(object value, ValueAnnotations marks) => value;

    public bool TryWriteScalar(object value, out string tag, out string text)
    {
        (tag, text) = (string.Empty, string.Empty);
        return false;
    }

    public object? ReadScalar(string tag, string? text) => null;

    public object? TryConvert(object value, Type type) => null;

    public string? RemedyFor(object value) => null;

    public bool IsSecret(object value) => value is System.Security.SecureString or FlowSecret;

    public bool IsRecord(object value) => false;

    public string? TextOf(object value) => ObjectTexts.TextOf(value);

    public IEnumerable<KeyValuePair<string, object?>> GetProperties(object value) =>
        from property in value.GetType().GetProperties()
        where property.CanRead && property.GetIndexParameters().Length == 0
        select new KeyValuePair<string, object?>(property.Name, ValueOf(property, value));

    private object? ValueOf(PropertyInfo property, object value)
    {
        try
        {
            return GetterTimeout.Read(value.GetType(), property.Name, () => property.GetValue(value), _getterLimit);
        }
        catch (TargetInvocationException e)
        {
            throw new ValueFaultException($"its getter throws: {e.InnerException!.Message}", e.InnerException).Within("." + property.Name);
        }
    }

    public object? CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        var record = new Dictionary<string, object?>(properties.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var property in properties)
        {
            if (record.ContainsKey(property.Key))
                return null;
            record.Add(property.Key, property.Value);
        }

        return record;
    }
}
