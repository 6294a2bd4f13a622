#if !NETSTANDARD
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Attribute names and values of traces and metrics, following OpenTelemetry's CI/CD conventions where they apply.</summary>
internal static class ActivityNames
{
    public const string Flow = "cicd.pipeline.name";
    public const string RunId = "cicd.pipeline.run.id";
    public const string Result = "cicd.pipeline.result";
    public const string Task = "cicd.pipeline.task.name";
    public const string TaskResult = "cicd.pipeline.task.run.result";
    public const string ErrorType = "error.type";
    public const string State = "prefectps.state";
    public const string Step = "prefectps.step";
    public const string Attempt = "prefectps.attempt";

    /// <summary>The conventions' result for a state; null if it is not final.</summary>
    public static string? ResultOf(StateType type) =>
        type == StateType.TimedOut ? "timeout"
        : type == StateType.Cancelled ? "cancellation"
        : type.IsSkipped() ? "skip"
        : type.IsFailed() ? "failure"
        : type.IsSuccessful() ? "success"
        : null;
}
#endif
