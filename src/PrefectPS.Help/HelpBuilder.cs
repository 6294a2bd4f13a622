using System.Xml;
using System.Xml.Linq;
using PrefectPS.Help.Cmdlets;
using PrefectPS.Help.Maml;
using PrefectPS.Help.Pages;

namespace PrefectPS.Help;

/// <summary>Builds a module's help file from its assembly's declarations and the Markdown pages.</summary>
internal static class HelpBuilder
{
    private static readonly XmlWriterSettings Format = new() { Indent = true, NewLineChars = "\n" };

    /// <summary>Writes the help file if all pages are valid.</summary>
    /// <returns>The faults; empty if the file was written.</returns>
    public static IReadOnlyList<Fault> Build(string pagesFolder, string assembly, IReadOnlyList<string> references, string output)
    {
        var cmdlets = CmdletReader.Read(new ModuleAssembly(assembly, references).Load().GetExportedTypes());
        var faults = new List<Fault>();
        HelpPage[] pages =
        [
            .. Directory.EnumerateFiles(pagesFolder, "*.md")
                .Order(StringComparer.Ordinal)
                .Select(file => PageReader.Read(file, File.ReadAllText(file), faults)),
        ];
        faults.AddRange(PageChecker.Check(pagesFolder, pages, cmdlets));
        if (faults.Count == 0)
            Write(MamlDocument.Of(cmdlets.Select(cmdlet => (cmdlet, pages.First(page => page.Name == cmdlet.Name)))), output);
        return faults;
    }

    private static void Write(XDocument document, string output)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        using var writer = XmlWriter.Create(output, Format);
        document.Save(writer);
    }
}
