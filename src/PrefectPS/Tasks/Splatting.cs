using System.Collections;
using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Calls a script block with parameters by name, which only the language can do.</summary>
internal static class Splatting
{
    /// <summary>
    /// Calls <c>$__block</c> with any error preference. The call is in a try block, where a statement-terminating error ends the
    /// task: otherwise, such an error would be ignored (with SilentlyContinue even throw), depending on the caller.
    /// </summary>
    public const string GuardedCall = """
        try { & { param($ErrorActionPreference) & $__block @__arguments } $__errorAction } catch { throw }
        """;

    private const string Call = "param($__block, $__arguments) & $__block @__arguments";

    /// <summary>Arguments by name, as a table for splatting.</summary>
    public static Hashtable TableOf(IReadOnlyCollection<KeyValuePair<string, object?>> arguments)
    {
        var table = new Hashtable(arguments.Count);
        foreach (var argument in arguments)
            table[argument.Key] = argument.Value;
        return table;
    }

    /// <summary>A block that calls another block in that block's session state, so that both see the same variables.</summary>
    /// <param name="block">The other block.</param>
    /// <param name="text">The calling script; by default, with a table of arguments.</param>
    public static ScriptBlock WrapperFor(ScriptBlock block, string text = Call)
    {
        var wrapper = ScriptBlock.Create(text);
        return block.Module is null ? wrapper : block.Module.NewBoundScriptBlock(wrapper);
    }
}
