using System.Management.Automation;
using System.Management.Automation.Language;
using System.Security;

namespace PrefectPS.Tasks;

/// <summary>One parameter of a param block, as it is written.</summary>
internal sealed class DeclaredParameter(ParameterAst declaration)
{
    public string Name => declaration.Name.VariablePath.UserPath;

    /// <summary>True if a name is its name or an alias, case-insensitive.</summary>
    public bool IsNamed(string name) => IsSame(name, Name)
        || AttributesOf<AliasAttribute>().SelectMany(alias => alias.PositionalArguments).Any(alias => IsSame(name, alias.SafeGetValue() as string));

    /// <summary>Its type.</summary>
    public Type Type => declaration.StaticType;

    /// <summary>Its default value, if that is a constant; otherwise null.</summary>
    public object? ConstantDefault => declaration.DefaultValue switch
    {
        ConstantExpressionAst or UnaryExpressionAst => declaration.DefaultValue.TryGetValue(),
        VariableExpressionAst { VariablePath.UserPath: var name } when IsSame(name, "true") => true,
        VariableExpressionAst { VariablePath.UserPath: var name } when IsSame(name, "false") => false,
        _ => null,
    };

    /// <summary>Its help message; null for none.</summary>
    public string? Help => AttributesOf<ParameterAttribute>()
        .Select(attribute => Argument(attribute, nameof(ParameterAttribute.HelpMessage))?.Argument.TryGetValue() as string).FirstOrDefault(help => help is not null);

    /// <summary>The constant arguments of an attribute, in order; null without that attribute.</summary>
    public IReadOnlyList<object?>? ArgumentsOf<T>() =>
        AttributesOf<T>().FirstOrDefault() is { } attribute ? [.. attribute.PositionalArguments.Select(argument => argument.TryGetValue())] : null;

    /// <summary>True if it is mandatory.</summary>
    public bool IsMandatory => AttributesOf<ParameterAttribute>().Any(IsMandatoryBy);

    /// <summary>The parameter sets that it is in; null for all.</summary>
    public IEnumerable<string?> Sets => AttributesOf<ParameterAttribute>().Select(SetOf).DefaultIfEmpty(null);

    /// <summary>True if it can be given in a parameter set.</summary>
    public bool IsIn(string? set) => Sets.Any(own => own is null || IsSame(own, set));

    /// <summary>True if it is mandatory in a parameter set.</summary>
    public bool IsMandatoryIn(string? set) =>
        AttributesOf<ParameterAttribute>().Any(attribute => (SetOf(attribute) is not { } own || IsSame(own, set)) && IsMandatoryBy(attribute));

    /// <summary>True if its type holds a secret; PowerShell prompts for some of these types.</summary>
    public bool IsSecret =>
        declaration.StaticType == typeof(PSCredential) || declaration.StaticType == typeof(SecureString) || AttributesOf<CredentialAttribute>().Any();

    /// <summary>True if its default depends on another parameter.</summary>
    public bool TakesInDefault(string other) => declaration.DefaultValue?.Find(
        node => node is VariableExpressionAst variable && string.Equals(variable.VariablePath.UserPath, other, StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: true) is not null;

    /// <summary>A block that declares only this parameter, with its type and attributes but without its default.</summary>
    public ScriptBlock Alone()
    {
        var extent = declaration.Extent;
        var attributes = declaration.Attributes.Select(attribute => (AttributeBaseAst)attribute.Copy());
        var parameter = new ParameterAst(extent, (VariableExpressionAst)declaration.Name.Copy(), attributes, defaultValue: null);
        return new ScriptBlockAst(extent, new ParamBlockAst(extent, [], [parameter]), new StatementBlockAst(extent, [], []), isFilter: false).GetScriptBlock();
    }

    private static bool IsMandatoryBy(AttributeAst attribute) => Argument(attribute, nameof(ParameterAttribute.Mandatory)) is { } mandatory
        && (mandatory.ExpressionOmitted || LanguagePrimitives.IsTrue(mandatory.Argument.SafeGetValue()));

    private static string? SetOf(AttributeAst attribute) =>
        Argument(attribute, nameof(ParameterAttribute.ParameterSetName))?.Argument.SafeGetValue() is string name && !IsSame(name, ParameterAttribute.AllParameterSets)
            ? name
            : null;

    private static NamedAttributeArgumentAst? Argument(AttributeAst attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => IsSame(argument.ArgumentName, name));

    private static bool IsSame(string name, string? other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<AttributeAst> AttributesOf<T>() =>
        declaration.Attributes.OfType<AttributeAst>().Where(attribute => attribute.TypeName.GetReflectionAttributeType() == typeof(T));
}
