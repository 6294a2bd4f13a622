namespace PrefectPS.Help.Cmdlets;

/// <summary>Formats types as PowerShell's syntax lines do.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["System.String"] = "string",
        ["System.Int32"] = "int",
        ["System.TimeSpan"] = "timespan",
        ["System.Management.Automation.ScriptBlock"] = "scriptblock",
    };

    /// <summary>A type's name; null for a switch.</summary>
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
