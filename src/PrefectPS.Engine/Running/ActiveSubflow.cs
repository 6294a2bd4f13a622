namespace PrefectPS.Running;

/// <summary>A task whose subflow is running, and the run it belongs to.</summary>
internal sealed record ActiveSubflow(ParallelRun Parent, TaskRun Task);
