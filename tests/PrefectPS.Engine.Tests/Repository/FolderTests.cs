using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary>The engine's folders are layered, and progress is made only by transitions.</summary>
public partial class FolderTests
{
    // Lowest first; a folder may use earlier ones.
    private static readonly string[] Order =
        ["Telemetry", "Storage", "Results", "States", "Flows", "Triggers", "Caching", "Running", "Cluster", "Documents", "Runs", "Channels", "Diagrams"];

    private static string Engine => Path.Combine(Checkout.Root, "src", "PrefectPS.Engine");

    [Fact]
    public void A_folder_uses_only_lower_layers() => Assert.Empty(
        from file in Files()
        let text = File.ReadAllText(Path.Combine(Engine, file))
        from used in Usings().Matches(text).Concat(Names().Matches(text)).Select(match => match.Groups["folder"].Value).Distinct()
        where Array.IndexOf(Order, used) > Array.IndexOf(Order, file.Split('/')[0])
        select $"{file} -> {used}");

    [Fact]
    public void Every_file_is_in_the_namespace_of_its_folder() =>
        Assert.All(Files(), file => Assert.Equal(file.Split('/')[0], Namespace().Match(File.ReadAllText(Path.Combine(Engine, file))).Groups["folder"].Value));

    [Fact]
    public void Every_folder_has_a_layer() =>
        Assert.Equal(Order.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Engine).Select(Path.GetFileName).Except(["bin", "obj", "PublicAPI"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_transitions_derive_progress_from_progress() => Assert.Equal(
        ["Cluster/BodyRequest.cs", "Documents/StateReader.cs", "States/State.cs", "States/Transitions.cs"],
        Files().Where(file => Progress().IsMatch(File.ReadAllText(Path.Combine(Engine, file)))).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Files() => Order.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Engine, folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Engine, file).Replace('\\', '/'));

    [GeneratedRegex(@"^using (static )?(\w+ = )?PrefectPS\.(?<folder>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^namespace PrefectPS\.(?<folder>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    // In full or, as the folders' namespaces have a common one, from there on; a property of such a name begins no other word in capitals, or is another's.
    [GeneratedRegex(@"(?<![\w.])PrefectPS\.(?<folder>\w+)\.|(?<![\w.])(?<folder>Triggers|Caching|Running|Documents|Channels|Diagrams)\.[A-Z]", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();

    // Reads of it, such as a state's, are no making of it.
    [GeneratedRegex(@"Progress with|new TaskProgress|State\.Read\(|TaskProgress\.Initial", RegexOptions.ExplicitCapture)]
    private static partial Regex Progress();
}
