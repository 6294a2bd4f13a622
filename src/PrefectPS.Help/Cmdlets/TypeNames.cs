namespace PrefectPS.Help.Cmdlets;

/// <summary>Types by the names that PowerShell's own syntax lines give them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["System.String"] = "string",
        ["System.Int32"] = "int",
        ["System.TimeSpan"] = "timespan",
        ["System.Management.Automation.ScriptBlock"] = "scriptblock",
    };

    /// <summary>The type's name; null for a switch, which takes no value.</summary>
    public static string? Of(Type type)
    {
        if (type.FullName == "System.Management.Automation.SwitchParameter")
            return null;
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        return Short.TryGetValue(inner.FullName ?? inner.Name, out var name) ? name : inner.Name;
    }
}
