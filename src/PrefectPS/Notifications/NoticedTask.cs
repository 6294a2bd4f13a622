namespace PrefectPS.Notifications;

/// <summary>A task that a notification speaks of. Immutable.</summary>
/// <param name="Path">Its slug, with its path in the run.</param>
/// <param name="State">The name of its state.</param>
/// <param name="Message">What is said about it.</param>
/// <param name="Place">Where in a script it failed; null where that is not known.</param>
internal sealed record NoticedTask(string Path, string State, string Message, string? Place);
