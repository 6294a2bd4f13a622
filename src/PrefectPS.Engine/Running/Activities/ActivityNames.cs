#if !NETSTANDARD
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>The names and values that activities and measurements have: those of OpenTelemetry's conventions for CI/CD where they have one.</summary>
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

    /// <summary>What a state is in the words of the conventions; null for one that is no end.</summary>
    public static string? ResultOf(StateType type) =>
        type == StateType.TimedOut ? "timeout"
        : type == StateType.Cancelled ? "cancellation"
        : type.IsSkipped() ? "skip"
        : type.IsFailed() ? "failure"
        : type.IsSuccessful() ? "success"
        : null;
}
#endif
