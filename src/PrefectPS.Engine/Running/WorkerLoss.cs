namespace PrefectPS.Running;

/// <summary>That the process which a body ran in, alone, is gone.</summary>
/// <param name="Machine">The name of its machine.</param>
public sealed record WorkerLoss(string Machine);
