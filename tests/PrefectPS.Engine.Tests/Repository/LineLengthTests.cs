using System.Globalization;
using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary>Lines of code stay within the limit of <c>.editorconfig</c>.</summary>
public partial class LineLengthTests
{
    private static readonly string[] Extensions = [".cs", ".ps1", ".psm1", ".psd1"];
    private static readonly string[] MadeFolders = ["bin", "obj", "node_modules", "artifacts", "TestResults", ".git"];

    [Fact]
    public void No_line_is_longer_than_the_limit()
    {
        var limit = Limit();
        var files = Files(new DirectoryInfo(Checkout.Root)).ToList();

        var tooLong = files.SelectMany(file => File.ReadLines(file.FullName)
            .Select((line, i) => (Place: $"{Path.GetRelativePath(Checkout.Root, file.FullName)}:{i + 1}", Length: LengthOf(line, file.Extension)))
            .Where(line => line.Length > limit));

        Assert.True(files.Count > 500, $"only {files.Count} files");
        Assert.Empty(tooLong.Select(line => $"{line.Place}: {line.Length} characters, {limit} at most"));
    }

    [Theory]
    [InlineData("var a = 1;", ".cs", 10)]
    [InlineData("Say(\"a \\\" text\");", ".cs", 8)]
    [InlineData("// the task's, the flow's", ".cs", 25)]
    [InlineData("Say 'text' \"text\"", ".ps1", 9)]
    public void The_contents_of_strings_do_not_count(string line, string extension, int length) => Assert.Equal(length, LengthOf(line, extension));

    // An apostrophe in C# is a character's, or a comment's.
    private static int LengthOf(string line, string extension)
    {
        var code = Texts().Replace(line, "\"\"");
        return (extension == ".cs" ? code : QuotedTexts().Replace(code, "\"\"")).Length;
    }

    private static int Limit() =>
        int.Parse(LimitLine().Match(File.ReadAllText(Path.Combine(Checkout.Root, ".editorconfig"))).Groups["limit"].Value, CultureInfo.InvariantCulture);

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles().Where(file => Extensions.Contains(file.Extension))
        .Concat(folder.EnumerateDirectories().Where(inner => !MadeFolders.Contains(inner.Name)).SelectMany(Files));

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"
        """)]
    private static partial Regex Texts();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex QuotedTexts();

    [GeneratedRegex(@"^max_line_length = (?<limit>\d+)$", RegexOptions.Multiline)]
    private static partial Regex LimitLine();
}
