using System.Text.RegularExpressions;

namespace PrefectPS.Engine.Tests.Repository;

/// <summary>The folders of the engine depend one way, and what lasts across states is made in one of them.</summary>
public partial class FolderTests
{
    // The lowest first; a folder may use those before it.
    private static readonly string[] Order =
        ["Storage", "Results", "States", "Flows", "Triggers", "Caching", "Running", "Documents", "Runs", "Channels", "Diagrams"];

    // What still points up: the definition of a task names the interfaces of what it is made of. It can only get less.
    private static readonly string[] Known =
    [
        "Caching/CachePath.cs -> Running", "Caching/StoreCache.cs -> Documents", "Caching/TaskCaching.cs -> Running",
        "Flows/Flow.cs -> Running", "Flows/FlowOptions.cs -> Running", "Flows/FlowTask.cs -> Caching", "Flows/FlowTask.cs -> Running",
        "Flows/FlowTask.cs -> Triggers", "Flows/TaskOptions.cs -> Caching", "Flows/TaskOptions.cs -> Running", "Flows/TaskOptions.cs -> Triggers",
        "Results/ITargetFunction.cs -> Running", "Results/TargetVariables.cs -> Flows", "Results/TargetVariables.cs -> Running",
        "Triggers/CustomTrigger.cs -> Running", "Triggers/TriggerInput.cs -> Running", "Triggers/UpstreamSummary.cs -> Running",
    ];

    private static string Engine => Path.Combine(Checkout.Root, "src", "PrefectPS.Engine");

    [Fact]
    public void A_folder_uses_only_those_below_it()
    {
        var upward = Files().SelectMany(file => Usings().Matches(File.ReadAllText(Path.Combine(Engine, file)))
            .Select(match => match.Groups["folder"].Value).Distinct()
            .Where(used => Array.IndexOf(Order, used) > Array.IndexOf(Order, file.Split('/')[0]))
            .Select(used => $"{file} -> {used}"));
        Assert.Equal(Known, upward.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_lasts_is_made_of_other_progress_by_the_transitions_only() => Assert.Equal(
        ["Documents/StateReader.cs", "States/State.cs", "States/Transitions.cs"],
        Files().Where(file => Progress().IsMatch(File.ReadAllText(Path.Combine(Engine, file)))).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Files() => Order.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Engine, folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Engine, file).Replace('\\', '/'));

    [GeneratedRegex(@"^using PrefectPS\.(?<folder>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Usings();

    // Reads of it, such as a state's, are no making of it.
    [GeneratedRegex(@"Progress with|new TaskProgress|State\.Read\(|TaskProgress\.Initial", RegexOptions.ExplicitCapture)]
    private static partial Regex Progress();
}
