namespace PrefectPS.Orleans.Steps;

/// <summary>A body, and the worker that is to have it.</summary>
/// <param name="Body">The body.</param>
/// <param name="Link">The worker.</param>
/// <param name="Delivery">What tells this sending of the body from all others.</param>
/// <param name="IsClaimed">Whether the worker has it already, from an earlier step of the run.</param>
internal readonly record struct Assignment(RemoteBody Body, WorkerLink Link, string Delivery, bool IsClaimed);
