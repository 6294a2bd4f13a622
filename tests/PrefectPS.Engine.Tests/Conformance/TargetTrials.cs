using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Two runs of one task with a target, in one store.</summary>
internal static partial class TargetTrials
{
    private const string Task = "my task";
    private static readonly string[] Passes = ["first", "second"];
    private static readonly DateTimeOffset Recorded = new(2026, 11, 23, 8, 52, 11, TimeSpan.Zero);

    public static Sightings? Run(ReferenceRow row, string folder) => row.Name switch
    {
        "target_returns_None" => RunTwice(row, folder, () => null),
        "target_task_raises" => RunTwice(row, folder, () => throw TaskUnderTrial.Error("ZeroDivisionError", "division by zero")),
        "date_task_name_ckpt_on" or "flow_result_used_when_task_has_none" => RunTwice(row, folder, () => 42),
        "date_task_name_ckpt_off" => RunTwice(row, folder, () => 42, checkpoints: false),
        "target_checkpoint_False_on_task" => RunTwice(row, folder, () => 42, taskCheckpoints: false),
        "mapped_target_map_index" => RunMapped(folder),
        _ => Variable().Match(row.Name) is { Success: true } name ? RunVariable(name.Groups["name"].Value, folder) : null,
    };

    private static Sightings RunTwice(ReferenceRow row, string folder, Func<object?> body, bool checkpoints = true, bool? taskCheckpoints = null)
    {
        var target = row.Seen.GetProperty("target").GetString()!.Trim('\'');
        var flow = MakeFlow(folder, checkpoints).Add(new(Task, TestFlow.Body(_ => body())) { Target = target, Checkpoints = taskCheckpoints });
        var sightings = new Sightings();
        foreach (var i in Enumerable.Range(0, 2))
        {
            var run = flow.RunAll();
            sightings[$"runs[{i}]"] = run.Of(Task);
            sightings[$"runs[{i}].flow"] = run;
        }

        sightings["invocations"] = flow.Ran.Count;
        return sightings;
    }

    // var {task_slug}
    private static Sightings RunVariable(string variable, string folder)
    {
        var sightings = new Sightings();
        try
        {
            var flow = MakeFlow(folder)
                .Add(new("p", TestFlow.Body(_ => 21)) { Checkpoints = false })
                .Add(new(Task, TestFlow.Body(_ => 42)) { Target = $"{{{variable}}}.txt", InputFrom = [new("x", "p")] });
            foreach (var pass in Passes)
                sightings[pass] = flow.RunAll().Of(Task);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.TargetInvalid)
        {
            RefuseBoth(sightings, e.Message.Contains($"there is no variable '{variable}'", StringComparison.Ordinal) ? variable : e.Message);
        }

        return sightings;
    }

    private static Sightings RunMapped(string folder)
    {
        var flow = MakeFlow(folder)
            .Add(new("list", TestFlow.Body(_ => new[] { 5, 6 })))
            .Add(new("mm", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")], Target = "mm/{map_index}.txt" });
        var sightings = new Sightings();
        foreach (var pass in Passes)
            sightings.AddChildren(pass, flow.RunAll().Of("mm"));
        return sightings;
    }

    // What the reference engine finds out when the task runs, ours refuses when the task is defined.
    private static void RefuseBoth(Sightings sightings, string reason)
    {
        foreach (var pass in Passes)
        {
            sightings[pass] = ReferenceText.State("Failed", $"Unexpected error: {reason}");
            sightings[$"{pass}.location"] = null;
        }
    }

    private static TestFlow MakeFlow(string folder, bool checkpoints = true)
    {
        var flow = new TestFlow("my-flow", new() { Store = new FolderStore(folder), Parameters = new ParameterDefaults([new("p", 21)]) }, checkpoints: checkpoints);
        flow.Clock.AdjustTime(Recorded);
        return flow;
    }

    [GeneratedRegex(@"^var \{(?<name>.+)\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
