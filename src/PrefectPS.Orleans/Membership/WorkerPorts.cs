namespace PrefectPS.Orleans.Membership;

/// <summary>A worker's ports.</summary>
/// <param name="Silo">The port for other workers.</param>
/// <param name="Gateway">The port for steps.</param>
internal readonly record struct WorkerPorts(int Silo, int Gateway);
