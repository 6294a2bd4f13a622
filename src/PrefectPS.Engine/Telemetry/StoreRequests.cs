#if !NETSTANDARD
using System.Diagnostics;
using System.Runtime.CompilerServices;
#endif

namespace PrefectPS.Telemetry;

/// <summary>Traces and measures store requests. Those of a step are part of its activity; others are only measured.</summary>
internal static class StoreRequests
{
#if NETSTANDARD
    /// <summary>Makes a request; no tracing on Windows PowerShell.</summary>
    public static ValueTask<T> MeasureAsync<T>(string operation, string store, string path, Func<ValueTask<T>> call) => call();

    /// <summary>Lists objects; no tracing on Windows PowerShell.</summary>
    public static IAsyncEnumerable<T> Measure<T>(string store, string prefix, IAsyncEnumerable<T> entries) => entries;
#else
    private const string List = "list";

    private static bool HasListeners => FlowTelemetry.RequestDuration.Enabled || (Activity.Current is not null && FlowTelemetry.Source.HasListeners());

    /// <summary>Makes a request.</summary>
    /// <param name="operation">The operation: read, write, delete or list.</param>
    /// <param name="store">Name of the store, free of secrets.</param>
    /// <param name="path">The object.</param>
    /// <param name="call">Makes the request.</param>
    public static ValueTask<T> MeasureAsync<T>(string operation, string store, string path, Func<ValueTask<T>> call) =>
        HasListeners ? MeasuredAsync(operation, store, path, call) : call();

    /// <summary>Lists objects, measured as one request.</summary>
    /// <param name="store">The name of the store.</param>
    /// <param name="prefix">The path prefix.</param>
    /// <param name="entries">The objects.</param>
    public static IAsyncEnumerable<T> Measure<T>(string store, string prefix, IAsyncEnumerable<T> entries) =>
        HasListeners ? MeasuredAsync(store, prefix, entries) : entries;

    private static async ValueTask<T> MeasuredAsync<T>(string operation, string store, string path, Func<ValueTask<T>> call)
    {
        var started = Stopwatch.GetTimestamp();
        using var activity = Begin(operation, store, path);
        Exception? fault = null;
        try
        {
            return await call();
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            End(activity, operation, store, started, fault);
        }
    }

    private static async IAsyncEnumerable<T> MeasuredAsync<T>(
        string store, string prefix, IAsyncEnumerable<T> entries, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        using var activity = Begin(List, store, prefix);
        try
        {
            await foreach (var entry in entries.WithCancellation(cancellationToken))
                yield return entry;
        }
        finally
        {
            End(activity, List, store, started, fault: null);
        }
    }

    private static Activity? Begin(string operation, string store, string path)
    {
        if (Activity.Current is null || FlowTelemetry.Source.StartActivity($"{operation} {store}", ActivityKind.Client) is not { } activity)
            return null;
        activity.SetTag("prefectps.store.name", store);
        activity.SetTag("prefectps.store.operation", operation);
        activity.SetTag("prefectps.store.path", path);
        return activity;
    }

    private static void End(Activity? activity, string operation, string store, long started, Exception? fault)
    {
        var tags = new TagList { { "prefectps.store.name", store }, { "prefectps.store.operation", operation } };
        if (fault is not null)
        {
            var type = fault is FlowException known ? known.Id : fault.GetType().FullName;
            tags.Add("error.type", type);
            activity?.SetTag("error.type", type);
            activity?.SetStatus(ActivityStatusCode.Error);
        }

        FlowTelemetry.RequestDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }
#endif
}
