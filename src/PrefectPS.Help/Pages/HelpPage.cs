namespace PrefectPS.Help.Pages;

/// <summary>The help page of a cmdlet; texts are plain, one string per paragraph.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Name">The cmdlet named in the title.</param>
internal sealed record HelpPage(string File, string Name)
{
    public string Synopsis { get; init; } = string.Empty;

    public IReadOnlyList<string> Description { get; init; } = [];

    public IReadOnlyList<PageExample> Examples { get; init; } = [];

    public IReadOnlyList<PageEntry> Parameters { get; init; } = [];

    public IReadOnlyList<PageEntry> Inputs { get; init; } = [];

    public IReadOnlyList<PageEntry> Outputs { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<PageLink> RelatedLinks { get; init; } = [];

    /// <summary>Creates a fault of this page.</summary>
    public Fault Fault(string message, int line = 1) => new(File, line, message);
}

/// <summary>The description of a parameter, or of an input or output type.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What is said of it.</param>
/// <param name="Line">The heading's line, from 1.</param>
internal sealed record PageEntry(string Title, IReadOnlyList<string> Text, int Line)
{
    /// <summary>The heading without a parameter's hyphen.</summary>
    public string Name => Title.TrimStart('-');
}

/// <summary>An example.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Code">Its code.</param>
/// <param name="Remarks">What is said of it.</param>
/// <param name="Line">The heading's line, from 1.</param>
internal sealed record PageExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line);

/// <summary>A related page or topic.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Address">Its address on the web; null for a page or topic of ours.</param>
internal sealed record PageLink(string Text, string? Address);
