using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>The flow whose definition block is running on this thread: where <c>Add-FlowTask</c> without a flow adds to.</summary>
internal static class FlowDefinition
{
    [ThreadStatic]
    private static Flow? _current;

    /// <summary>The flow being defined; null outside a definition block.</summary>
    public static Flow? Current => _current;

    /// <summary>Makes a flow the current one, for as long as its definition block runs. Definitions may nest.</summary>
    public static void Run(Flow flow, Action define)
    {
        var outer = _current;
        _current = flow;
        try
        {
            define();
        }
        finally
        {
            _current = outer;
        }
    }
}
