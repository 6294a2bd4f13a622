using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Calls a script block with its parameters by name, which only the language itself can do.</summary>
internal static class Splatting
{
    private const string Call = "param($__block, $__arguments) & $__block @__arguments";

    /// <summary>A block that calls another one, in the session state the other belongs to, so that both see the same variables.</summary>
    /// <param name="block">The other block.</param>
    /// <param name="text">How it is called; by default with a table of arguments.</param>
    public static ScriptBlock WrapperFor(ScriptBlock block, string text = Call)
    {
        var wrapper = ScriptBlock.Create(text);
        return block.Module is null ? wrapper : block.Module.NewBoundScriptBlock(wrapper);
    }
}
