#if !NETSTANDARD
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace PrefectPS.Telemetry;

/// <summary>
/// The ActivitySource and Meter for OpenTelemetry and other .NET listeners. docs/telemetry.md documents them; names follow OpenTelemetry's CI/CD
/// conventions where they apply. Nothing is done while nobody listens.
/// </summary>
internal static class FlowTelemetry
{
    /// <summary>Name of the source and the meter.</summary>
    public const string Name = "PrefectPS";

    private static readonly string? Version = typeof(FlowTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    private static readonly Meter Meter = new(Name, Version);

    /// <summary>Creates the activities.</summary>
    public static readonly ActivitySource Source = new(Name, Version);

    /// <summary>Duration of runs, from the start of the first step to the end.</summary>
    public static readonly Histogram<double> RunDuration = Seconds("cicd.pipeline.run.duration", "How long runs took, from their first step to their end.");

    /// <summary>Duration of steps.</summary>
    public static readonly Histogram<double> StepDuration = Seconds("prefectps.step.duration", "How long steps took.");

    /// <summary>Duration of task bodies, per attempt.</summary>
    public static readonly Histogram<double> AttemptDuration = Seconds("prefectps.task.attempt.duration", "How long the bodies of tasks ran, each attempt by itself.");

    /// <summary>Duration of store requests.</summary>
    public static readonly Histogram<double> RequestDuration = Seconds("prefectps.store.request.duration", "How long requests to stores took, with what was tried again.");

    /// <summary>True if anybody listens to runs, steps or attempts.</summary>
    public static bool HasListeners => Source.HasListeners() || StepDuration.Enabled || RunDuration.Enabled || AttemptDuration.Enabled;

    private static Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram<double>(name, "s", description);
}
#endif
