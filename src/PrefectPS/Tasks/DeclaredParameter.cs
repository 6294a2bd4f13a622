using System.Management.Automation;
using System.Management.Automation.Language;
using System.Security;

namespace PrefectPS.Tasks;

/// <summary>One parameter of a param block, as it is written.</summary>
internal sealed class DeclaredParameter(ParameterAst declaration)
{
    public string Name => declaration.Name.VariablePath.UserPath;

    /// <summary>Whether PowerShell asks for it where it is not given.</summary>
    public bool IsMandatory => AttributesOf<ParameterAttribute>()
        .SelectMany(attribute => attribute.NamedArguments)
        .Any(argument => string.Equals(argument.ArgumentName, nameof(ParameterAttribute.Mandatory), StringComparison.OrdinalIgnoreCase)
            && (argument.ExpressionOmitted || LanguagePrimitives.IsTrue(argument.Argument.SafeGetValue())));

    /// <summary>Whether its type keeps a secret; for some of them PowerShell asks, too.</summary>
    public bool IsSecret =>
        declaration.StaticType == typeof(PSCredential) || declaration.StaticType == typeof(SecureString) || AttributesOf<CredentialAttribute>().Any();

    /// <summary>Whether its default is made of the value of another parameter.</summary>
    public bool TakesInDefault(string other) => declaration.DefaultValue?.Find(
        node => node is VariableExpressionAst variable && string.Equals(variable.VariablePath.UserPath, other, StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: true) is not null;

    /// <summary>A block that declares this parameter alone, with its type and attributes and without its default.</summary>
    public ScriptBlock Alone()
    {
        var extent = declaration.Extent;
        var attributes = declaration.Attributes.Select(attribute => (AttributeBaseAst)attribute.Copy());
        var parameter = new ParameterAst(extent, (VariableExpressionAst)declaration.Name.Copy(), attributes, defaultValue: null);
        return new ScriptBlockAst(extent, new ParamBlockAst(extent, [], [parameter]), new StatementBlockAst(extent, [], []), isFilter: false).GetScriptBlock();
    }

    private IEnumerable<AttributeAst> AttributesOf<T>() =>
        declaration.Attributes.OfType<AttributeAst>().Where(attribute => attribute.TypeName.GetReflectionAttributeType() == typeof(T));
}
