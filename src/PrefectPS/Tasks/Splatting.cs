using System.Collections;
using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Calls a script block with its parameters by name, which only the language itself can do.</summary>
internal static class Splatting
{
    /// <summary>
    /// Calls <c>$__block</c> with any error preference. It stands in a try block, where an error that ends its statement ends the
    /// task: outside of one such an error would be passed over, under SilentlyContinue even throw, and so it would go by the caller.
    /// </summary>
    public const string GuardedCall = """
        try { & { param($ErrorActionPreference) & $__block @__arguments } $__errorAction } catch { throw }
        """;

    private const string Call = "param($__block, $__arguments) & $__block @__arguments";

    /// <summary>Arguments as the language takes them by name: a table of them.</summary>
    public static Hashtable TableOf(IReadOnlyCollection<KeyValuePair<string, object?>> arguments)
    {
        var table = new Hashtable(arguments.Count);
        foreach (var argument in arguments)
            table[argument.Key] = argument.Value;
        return table;
    }

    /// <summary>A block that calls another one, in the session state the other belongs to, so that both see the same variables.</summary>
    /// <param name="block">The other block.</param>
    /// <param name="text">How it is called; by default with a table of arguments.</param>
    public static ScriptBlock WrapperFor(ScriptBlock block, string text = Call)
    {
        var wrapper = ScriptBlock.Create(text);
        return block.Module is null ? wrapper : block.Module.NewBoundScriptBlock(wrapper);
    }
}
