using PrefectPS.Help.Cmdlets;
using PrefectPS.Help.Pages;

namespace PrefectPS.Help;

/// <summary>Checks that every cmdlet has a complete page.</summary>
internal static class PageChecker
{
    private const int MinExamples = 2;

    // Verbs for which a plain third person says too little.
    private static readonly Dictionary<string, string> OtherVerbs = new(StringComparer.Ordinal) { ["Invoke"] = "Runs", ["New"] = "Creates", ["Undo"] = "Undoes" };

    /// <summary>Finds the faults of all pages.</summary>
    public static IEnumerable<Fault> Check(string pagesFolder, IReadOnlyList<HelpPage> pages, IReadOnlyList<CmdletShape> cmdlets)
    {
        foreach (var cmdlet in cmdlets)
        {
            if (!pages.Any(page => page.Name == cmdlet.Name))
                yield return new(Path.Combine(pagesFolder, cmdlet.Name + ".md"), 1, $"the cmdlet {cmdlet.Name} has no page; write this one");
        }

        foreach (var page in pages)
        {
            var cmdlet = cmdlets.FirstOrDefault(c => c.Name == page.Name);
            foreach (var fault in cmdlet is null ? [page.Fault($"there is no cmdlet '{page.Name}'")] : Check(page, cmdlet))
                yield return fault;
        }
    }

    private static IEnumerable<Fault> Check(HelpPage page, CmdletShape cmdlet) =>
        [.. CheckSections(page), .. CheckExamples(page), .. CheckParameters(page, cmdlet)];

    private static IEnumerable<Fault> CheckSections(HelpPage page)
    {
        if (Path.GetFileNameWithoutExtension(page.File) != page.Name)
            yield return page.Fault($"a page is named after its cmdlet: {page.Name}.md");
        if (page.Synopsis.Length == 0)
            yield return page.Fault("there is no synopsis: a paragraph below the title");
        else if (!page.Synopsis.StartsWith($"{VerbOf(page.Name)} ", StringComparison.Ordinal) || !IsOneSentence(page.Synopsis))
            yield return page.Fault($"the synopsis is one sentence that begins with '{VerbOf(page.Name)}': '{page.Synopsis}'");
        if (page.Description.Count == 0)
            yield return page.Fault("the section Description is missing or empty");
        if (page.Inputs.Count == 0)
            yield return page.Fault("the section Inputs is missing or empty: it has a heading for each type, or '### None'");
        if (page.Outputs.Count == 0)
            yield return page.Fault("the section Outputs is missing or empty: it has a heading for each type, or '### None'");
        foreach (var type in page.Inputs.Concat(page.Outputs).Where(type => type.Text.Count == 0))
            yield return page.Fault($"nothing is said of '{type.Title}'", type.Line);
    }

    // The verb in the third person: Get-Thing 'Gets', Publish-Thing 'Publishes'.
    private static string VerbOf(string name)
    {
        var verb = name.Split('-')[0].Replace("ConvertFrom", "Convert", StringComparison.Ordinal).Replace("ConvertTo", "Convert", StringComparison.Ordinal);
        return OtherVerbs.GetValueOrDefault(verb) ?? (verb.EndsWith("sh", StringComparison.Ordinal) ? $"{verb}es" : $"{verb}s");
    }

    private static bool IsOneSentence(string text) => text.EndsWith('.') && !text.Contains(". ", StringComparison.Ordinal);

    private static IEnumerable<Fault> CheckExamples(HelpPage page)
    {
        if (page.Examples.Count < MinExamples)
            yield return page.Fault($"it has {page.Examples.Count} of at least {MinExamples} examples");
        foreach (var example in page.Examples)
        {
            if (example.Code.Length == 0)
                yield return page.Fault($"the example '{example.Title}' has no block of code", example.Line);
            if (example.Remarks.Count == 0)
                yield return page.Fault($"nothing is said of the example '{example.Title}'", example.Line);
        }
    }

    private static IEnumerable<Fault> CheckParameters(HelpPage page, CmdletShape cmdlet)
    {
        var described = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in page.Parameters)
        {
            if (cmdlet.Parameters.All(parameter => parameter.Name != entry.Name))
                yield return page.Fault($"{cmdlet.Name} has no parameter '{entry.Title}'", entry.Line);
            if (entry.Text.Count > 0 && !described.Add(entry.Name))
                yield return page.Fault($"the parameter '{entry.Title}' is described twice", entry.Line);
        }

        foreach (var parameter in cmdlet.Parameters.Where(parameter => !described.Contains(parameter.Name)))
            yield return page.Fault($"the parameter -{parameter.Name} has no description");
    }
}
