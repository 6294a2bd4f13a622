using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>One step of a run whose task <c>t</c> is given in some state, with a task after it and without.</summary>
internal static partial class GivenStateTrials
{
    public static Sightings? Run(ReferenceRow row)
    {
        if (row.Name == "flow.run_task_states_finished_not_rerun")
            return RunFrom(new(StateType.Success, "pre") { Result = TaskResult.Of(3) });
        return Name().Match(row.Name) is { Success: true } name && Enum.TryParse<StateType>(name.Groups["type"].Value, out var type)
            ? RunFrom(new(type, "given") { Result = TaskResult.Of(1) })
            : null;
    }

    private static Sightings RunFrom(State given)
    {
        var before = Give(new TestFlow().Task("t", _ => "RAN").Task("d", "t"), given);
        var after = before.Flow.Step(before.Run);
        var alone = Give(new TestFlow().Task("t", _ => "RAN"), given);

        var sightings = Sightings.Of(after);
        sightings["task"] = after.Of("t");
        sightings["downstream"] = after.Of("d");
        sightings["same_object_returned"] = ReferenceEquals(given, after.Of("t").Inner);
        sightings["flow_with_only_this_task"] = alone.Flow.Step(alone.Run);
        return sightings;
    }

    private static (TestFlow Flow, FlowState Run) Give(TestFlow flow, State given) =>
        (flow, flow.New().Change((task, state) => task.Name == "t" ? given : state));

    // task_states={t:Skipped}
    [GeneratedRegex(@"^task_states=\{t:(?<type>[A-Za-z]+)\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
