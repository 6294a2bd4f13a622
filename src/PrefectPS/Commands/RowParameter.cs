using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Commands;

/// <summary>A parameter of Add-FlowTask, to which a row's value is bound as PowerShell would bind it: transformed, converted, validated.</summary>
internal sealed class RowParameter
{
    private static readonly string[] NotOfRows = [nameof(AddFlowTaskCommand.Flow), nameof(AddFlowTaskCommand.InputObject), nameof(AddFlowTaskCommand.PassThru)];

    private static readonly Dictionary<string, RowParameter> All = typeof(AddFlowTaskCommand).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(property => property.IsDefined(typeof(ParameterAttribute)) && Array.IndexOf(NotOfRows, property.Name) < 0)
        .ToDictionary(property => property.Name, property => new RowParameter(property), StringComparer.OrdinalIgnoreCase);

    private readonly PropertyInfo _property;
    private readonly ArgumentTransformationAttribute[] _transformations;
    private readonly (ValidateArgumentsAttribute Attribute, MethodInfo Validate)[] _validations;

    private RowParameter(PropertyInfo property)
    {
        _property = property;
        _transformations = [.. property.GetCustomAttributes<ArgumentTransformationAttribute>()];
        _validations = [.. property.GetCustomAttributes<ValidateArgumentsAttribute>().Select(attribute => (attribute, ValidateOf(attribute)))];
    }

    /// <summary>The names that a row may have.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Its name.</summary>
    public string Name => _property.Name;

    /// <summary>The parameter of a name; null for none.</summary>
    public static RowParameter? Find(string name) => All.TryGetValue(name, out var found) ? found : null;

    /// <summary>Gives a task's definition a value.</summary>
    /// <param name="task">The definition.</param>
    /// <param name="value">The value.</param>
    /// <param name="flow">The name of the flow, for the error.</param>
    /// <param name="engine">The session's; null if it has none.</param>
    /// <returns>That it does not fit; null if it does.</returns>
    public FlowException? Bind(AddFlowTaskCommand task, object value, string flow, EngineIntrinsics? engine)
    {
        try
        {
            foreach (var transformation in _transformations)
                value = transformation.Transform(engine, value);
            value = LanguagePrimitives.ConvertTo(value, _property.PropertyType, CultureInfo.InvariantCulture);
            foreach (var (attribute, validate) in _validations)
                validate.Invoke(attribute, [value, engine]);
            _property.SetValue(task, value);
            return null;
        }
        catch (TargetInvocationException e) when (e.InnerException is ValidationMetadataException or FlowException)
        {
            return ModuleErrors.RowValueInvalid(flow, Name, e.InnerException!);
        }
        catch (Exception e) when (e is PSInvalidCastException or MetadataException)
        {
            return ModuleErrors.RowValueInvalid(flow, Name, e);
        }
    }

    // PowerShell calls it when it binds a parameter, and has no other way for others to do so.
    private static MethodInfo ValidateOf(ValidateArgumentsAttribute attribute) =>
        attribute.GetType().GetMethod("Validate", BindingFlags.Instance | BindingFlags.NonPublic, binder: null, [typeof(object), typeof(EngineIntrinsics)], modifiers: null)!;
}
