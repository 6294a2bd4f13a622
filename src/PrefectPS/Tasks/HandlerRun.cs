using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The run for which a handler is being called, because handlers have no <c>$FlowContext</c>.</summary>
internal static class HandlerRun
{
    /// <summary>The run; null while no handler is called on this thread.</summary>
    [field: ThreadStatic]
    public static RootRun? Current { get; private set; }

    /// <summary>Calls a handler for a run.</summary>
    public static T During<T>(RootRun run, Func<T> handler)
    {
        var outer = Current;
        Current = run;
        try
        {
            return handler();
        }
        finally
        {
            Current = outer;
        }
    }
}
