using System.Management.Automation;
using System.Security;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>PowerShell's objects: wrappers are taken off, properties are the ones a script sees, records are PSCustomObjects.</summary>
internal sealed class PowerShellValues : IValueAdapter
{
    public static readonly PowerShellValues Instance = new();

    private PowerShellValues()
    {
    }

    public object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    public bool IsSecret(object value) => Unwrap(value) is SecureString or PSCredential or FlowSecret;

    public bool IsRecord(object value) => value is PSObject { BaseObject: PSCustomObject };

    public string? TextOf(object value) => value is ScriptBlock block ? block.ToString() : ObjectShapes.TextOf(value);

    public IEnumerable<KeyValuePair<string, object?>> GetProperties(object value)
    {
        if (value is ErrorRecord error)
            return ErrorShape.PropertiesOf(error);
        var type = (Unwrap(value) ?? value).GetType();
        return from property in PSObject.AsPSObject(value).Properties
               where property.IsGettable
               select new KeyValuePair<string, object?>(property.Name, ValueOf(type, property));
    }

    public object CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        var record = new PSObject();
        foreach (var property in properties)
        {
            if (record.Properties[property.Key] is null)
                record.Properties.Add(new PSNoteProperty(property.Key, property.Value));
            else
                record.Properties[property.Key].Value = property.Value;
        }

        return record;
    }

    // A property that throws has no value, as everywhere in PowerShell.
    private static object? ValueOf(Type type, PSPropertyInfo property)
    {
        try
        {
            return property is PSProperty ? GetterLimit.Read(type, property.Name, () => property.Value, GetterLimit.Default) : property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
