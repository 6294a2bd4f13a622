using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>The plan of a step.</summary>
/// <param name="Run">The run as the step would find it.</param>
/// <param name="IsLate">Whether the run is further along than the caller knows: nothing would run.</param>
/// <param name="Warnings">Warnings about what could not be matched with the flow.</param>
/// <param name="Tasks">Planned action per task.</param>
public sealed record StepForecast(FlowState Run, bool IsLate, IReadOnlyList<string> Warnings, IReadOnlyList<FlowTaskPlan> Tasks);
