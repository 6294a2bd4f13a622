namespace PrefectPS.Notifications;

/// <summary>A task in a notification. Immutable.</summary>
/// <param name="Path">Its slug, with its path in the run.</param>
/// <param name="State">The name of its state.</param>
/// <param name="Message">Its message.</param>
/// <param name="Place">Where in a script it failed; null if that is not known.</param>
internal sealed record NoticedTask(string Path, string State, string Message, string? Place);
