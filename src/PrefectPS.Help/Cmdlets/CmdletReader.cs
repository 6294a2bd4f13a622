using System.Reflection;

namespace PrefectPS.Help.Cmdlets;

/// <summary>Reads cmdlet declarations by reflection. Attributes are read as data: the reference assembly of PowerShell that a module is compiled against cannot run.</summary>
internal static class CmdletReader
{
    private const string AttributeNamespace = "System.Management.Automation";

    // Added by PowerShell to cmdlets with SupportsShouldProcess.
    private static readonly ParameterShape[] ConfirmParameters =
    [
        new("WhatIf", null, [new(ParameterUse.AllSets)]) { Aliases = ["wi"] },
        new("Confirm", null, [new(ParameterUse.AllSets)]) { Aliases = ["cf"] },
    ];

    /// <summary>Reads the cmdlets, ordered by name.</summary>
    public static IReadOnlyList<CmdletShape> Read(IEnumerable<Type> types) =>
    [
        .. types.Where(type => !type.IsAbstract)
            .SelectMany(type => AttributesOf(type, "CmdletAttribute").Select(attribute => ReadCmdlet(type, attribute)))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    private static CmdletShape ReadCmdlet(Type type, CustomAttributeData attribute)
    {
        List<ParameterShape> parameters =
        [
            .. type.GetProperties()
                .OrderBy(property => property.MetadataToken)
                .Select(ReadParameter)
                .Where(parameter => parameter.Uses.Count > 0),
        ];
        var defaultSet = Named(attribute, "DefaultParameterSetName") as string;
        if (Named(attribute, "SupportsShouldProcess") is true)
            parameters.AddRange(ConfirmParameters);
        return new(
            (string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!, SetsOf(parameters, defaultSet), parameters);
    }

    private static string[] SetsOf(IEnumerable<ParameterShape> parameters, string? defaultSet)
    {
        var named = parameters.SelectMany(p => p.Uses).Select(use => use.Set).Where(set => set != ParameterUse.AllSets).ToHashSet(StringComparer.Ordinal);
        return named.Count == 0 ? [ParameterUse.AllSets] : [.. named.OrderByDescending(set => set == defaultSet)];
    }

    private static ParameterShape ReadParameter(PropertyInfo property) =>
        new(property.Name, TypeNames.Of(property.PropertyType), [.. AttributesOf(property, "ParameterAttribute").Select(ReadUse)])
        {
            Aliases = [.. AttributesOf(property, "AliasAttribute").SelectMany(alias => Strings(alias.ConstructorArguments[0]))],
            TakesWildcards = AttributesOf(property, "SupportsWildcardsAttribute").Any(),
        };

    private static ParameterUse ReadUse(CustomAttributeData attribute) => new(Named(attribute, "ParameterSetName") as string ?? ParameterUse.AllSets)
    {
        IsMandatory = Named(attribute, "Mandatory") is true,
        Position = Named(attribute, "Position") as int?,
        FromPipeline = Named(attribute, "ValueFromPipeline") is true,
        FromPipelineByPropertyName = Named(attribute, "ValueFromPipelineByPropertyName") is true,
    };

    private static IEnumerable<CustomAttributeData> AttributesOf(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType.Name == name && a.AttributeType.Namespace == AttributeNamespace);

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    private static IEnumerable<string> Strings(CustomAttributeTypedArgument array) =>
        ((IEnumerable<CustomAttributeTypedArgument>)array.Value!).Select(item => (string)item.Value!);
}
