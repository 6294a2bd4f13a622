using System.Reflection;

namespace PrefectPS.Results;

/// <summary>The adapter of plain .NET: an object is its public readable properties, a record an ordered dictionary.</summary>
internal sealed class PlainValueAdapter : IValueAdapter
{
    public static readonly PlainValueAdapter Instance = new(GetterLimit.Default);

    private readonly TimeSpan _getterLimit;

    /// <param name="getterLimit">How long the getter of a property of an unknown type may take.</param>
    public PlainValueAdapter(TimeSpan getterLimit) => _getterLimit = getterLimit;

    public object? Unwrap(object? value) => value;

    public bool IsSecret(object value) => value is System.Security.SecureString or FlowSecret;

    public bool IsRecord(object value) => false;

    public string? TextOf(object value) => ObjectShapes.TextOf(value);

    public IEnumerable<KeyValuePair<string, object?>> GetProperties(object value) =>
        from property in value.GetType().GetProperties()
        where property.CanRead && property.GetIndexParameters().Length == 0
        select new KeyValuePair<string, object?>(property.Name, ValueOf(property, value));

    private object? ValueOf(PropertyInfo property, object value)
    {
        try
        {
            return GetterLimit.Read(value.GetType(), property.Name, () => property.GetValue(value), _getterLimit);
        }
        catch (TargetInvocationException e)
        {
            throw new ValueFaultException($"its getter throws: {e.InnerException!.Message}", e.InnerException).Within("." + property.Name);
        }
    }

    public object CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        var record = new Dictionary<string, object?>(properties.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var property in properties)
            record[property.Key] = property.Value;
        return record;
    }
}
