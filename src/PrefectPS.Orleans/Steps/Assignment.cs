namespace PrefectPS.Orleans.Steps;

/// <summary>A body assigned to a worker.</summary>
/// <param name="Body">The body.</param>
/// <param name="Link">The worker.</param>
/// <param name="DispatchId">The unique id of this dispatch.</param>
/// <param name="IsClaimed">Whether the worker already has the body from an earlier step of the run.</param>
internal readonly record struct Assignment(RemoteBody Body, WorkerLink Link, string DispatchId, bool IsClaimed);
