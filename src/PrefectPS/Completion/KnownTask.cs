namespace PrefectPS.Completion;

/// <summary>A task of the flow at hand, as far as completion needs it.</summary>
internal sealed record KnownTask(string Name, IEnumerable<string> Tags);
