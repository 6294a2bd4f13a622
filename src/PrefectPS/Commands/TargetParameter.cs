using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses -Target: a template, or a script block that returns the path.</summary>
internal static class TargetParameter
{
    /// <summary>The block, where one is given.</summary>
    public static ITargetFunction? Function(object? target) =>
        PowerShellValues.Instance.Unwrap(target) is ScriptBlock block ? new ScriptBlockTarget(block) : null;

    /// <summary>The template, if it is not a block.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: it is neither.</exception>
    public static string? Template(object? target) => PowerShellValues.Instance.Unwrap(target) switch
    {
        null or ScriptBlock => null,
        string template => template,
        var other => throw FlowErrors.TargetInvalid(other.ToString() ?? string.Empty, "-Target takes a path or a script block that puts one out"),
    };
}
