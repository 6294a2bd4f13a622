using System.Collections;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Our engine's observed behaviour, in the rows' terms.</summary>
internal sealed class Sightings
{
    private readonly Dictionary<string, object?> _seen = new(StringComparer.Ordinal);

    /// <summary>A run, a task with its state, or any value.</summary>
    public object? this[string name]
    {
        set => _seen[name] = value;
    }

    /// <summary>The run, as <c>flow</c>, and each of its tasks by its name.</summary>
    public static Sightings Of(FlowState run)
    {
        var sightings = new Sightings { ["flow"] = run };
        foreach (var task in run.Tasks)
        {
            sightings[task.Slug] = task;
            sightings[$"tasks.{task.Slug}"] = task;
        }

        return sightings;
    }

    /// <summary>Adds the children of a mapped task, by their index.</summary>
    public Sightings AddChildren(string name, FlowTaskState mapped)
    {
        _seen[name] = string.Empty; // what a list without elements says
        foreach (var child in mapped.Children)
            _seen[$"{name}[{child.MapIndex}]"] = child;
        return this;
    }

    /// <summary>What was seen of a fact of <see cref="ReferenceFacts"/>.</summary>
    public string Tell(string path)
    {
        if (_seen.TryGetValue(path, out var seen))
            return Describe(seen);
        var dot = path.LastIndexOf('.');
        return dot > 0 && _seen.TryGetValue(path[..dot], out var owner) && owner is FlowTaskState task ? Field(task, path[(dot + 1)..]) : "<not seen>";
    }

    private static string Field(FlowTaskState task, string field) => field switch
    {
        "result" => Describe(task.Result),
        "location" => task.ResultLocation is { } path ? ReferenceText.Normalise("location", path) : ReferenceText.None,
        "run_count" => Describe(task.RunCount),
        "loop_count" => Describe(task.Inner.LoopCount),
        "cached_result_expiration" => task.CachedUntil is { } until ? ReferenceText.Time(until) : ReferenceText.None,
        "start_time" => task.Inner.AwaitsApproval ? ReferenceText.None : ReferenceText.Time(task.Inner.DueTime),
        _ => $"<no field {field}>",
    };

    private static string Describe(object? value) => value switch
    {
        null => ReferenceText.None,
        bool flag => flag ? "true" : "false",
        string text => text,
        FlowState run => Describe(run),
        FlowTaskState task => ReferenceText.State(task.StateType.Name(), task.Message),
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}: {Describe(map[key])}"))}}}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // The reference engine calls a run with work left Running; ours says what it waits for.
    private static string Describe(FlowState run) =>
        run.StateType is StateType.Pending or StateType.Scheduled or StateType.Paused
            ? ReferenceText.State("Running", "Running flow.")
            : ReferenceText.State(run.StateType.Name(), run.Message);
}
