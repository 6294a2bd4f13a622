#if !NETSTANDARD
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace PrefectPS.Telemetry;

/// <summary>
/// What listeners of .NET's own, OpenTelemetry above all, are told: one source of activities, one meter. docs/telemetry.md names what they have; where OpenTelemetry's
/// conventions have a name, those of CI/CD above all, it is theirs. Nothing is done while nobody listens.
/// </summary>
internal static class FlowTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "PrefectPS";

    private static readonly string? Version = typeof(FlowTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    private static readonly Meter Meter = new(Name, Version);

    /// <summary>Makes the activities.</summary>
    public static readonly ActivitySource Source = new(Name, Version);

    /// <summary>How long runs took, from their first step to their end.</summary>
    public static readonly Histogram<double> RunDuration = Seconds("cicd.pipeline.run.duration", "How long runs took, from their first step to their end.");

    /// <summary>How long steps took.</summary>
    public static readonly Histogram<double> StepDuration = Seconds("prefectps.step.duration", "How long steps took.");

    /// <summary>How long the bodies of tasks ran.</summary>
    public static readonly Histogram<double> AttemptDuration = Seconds("prefectps.task.attempt.duration", "How long the bodies of tasks ran, each attempt by itself.");

    /// <summary>How long requests to stores took.</summary>
    public static readonly Histogram<double> RequestDuration = Seconds("prefectps.store.request.duration", "How long requests to stores took, with what was tried again.");

    /// <summary>True if somebody listens to steps and what is in them.</summary>
    public static bool HasListeners => Source.HasListeners() || StepDuration.Enabled || RunDuration.Enabled || AttemptDuration.Enabled;

    private static Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram<double>(name, "s", description);
}
#endif
