namespace PrefectPS.Running;

/// <summary>The task whose subflow is being run, and the run it belongs to.</summary>
internal sealed record ActiveSubflow(ParallelRun Parent, TaskRun Task);
