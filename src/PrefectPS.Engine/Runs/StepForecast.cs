using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>What a step would do.</summary>
/// <param name="Run">The run as the step would find it.</param>
/// <param name="IsLate">Whether the run is further on than who asks knows: nothing would be run.</param>
/// <param name="Warnings">What could not be matched with the flow; one sentence each, naming it.</param>
/// <param name="Tasks">What it would do with each task.</param>
public sealed record StepForecast(FlowState Run, bool IsLate, IReadOnlyList<string> Warnings, IReadOnlyList<FlowTaskPlan> Tasks);
