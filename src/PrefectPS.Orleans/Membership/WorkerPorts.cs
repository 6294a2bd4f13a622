namespace PrefectPS.Orleans.Membership;

/// <summary>The ports that a worker listens at.</summary>
/// <param name="Silo">For other workers.</param>
/// <param name="Gateway">For steps.</param>
internal readonly record struct WorkerPorts(int Silo, int Gateway);
