namespace PrefectPS.Running;

/// <summary>The loss of a process that ran a body alone.</summary>
/// <param name="Machine">Name of the machine.</param>
public sealed record WorkerLoss(string Machine);
