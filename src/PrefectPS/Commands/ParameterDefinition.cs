using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>New-Flow -Parameter</c>: a param block, or a hashtable of names and defaults.</summary>
internal static class ParameterDefinition
{
    /// <summary>The parameters; none where nothing was given.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>.</exception>
    public static IParameterSet Of(string flow, object? given) => PowerShellValues.Instance.Unwrap(given) switch
    {
        null => ParameterDefaults.None,
        ScriptBlock block => new ParameterBlock(flow, block),
        IDictionary defaults => new ParameterDefaults(Check(flow, [.. NamedValues.InOrder(defaults)])),
        { } other => throw ModuleErrors.ParameterDefinitionUnknown(flow, other),
    };

    private static KeyValuePair<string, object?>[] Check(string flow, KeyValuePair<string, object?>[] defaults)
    {
        var twice = defaults.GroupBy(parameter => parameter.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any());
        return twice is null ? defaults : throw ModuleErrors.ParameterTwice(flow, twice.Key);
    }
}
