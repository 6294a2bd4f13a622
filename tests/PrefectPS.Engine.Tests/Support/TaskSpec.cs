using CsCheck;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A task made by chance: what its body does, what it waits for, when it runs.</summary>
internal sealed record TaskSpec(int Kind, int[] Upstream, int Trigger, IReadOnlyList<TaskSpec> Inner)
{
    private static readonly string[] Triggers = ["all_successful", "all_successful", "all_finished", "any_successful", "not_all_skipped"];

    private static Gen<TaskSpec> Plain { get; } =
        from kind in Gen.Int[0, 9]
        from upstream in Gen.Int[0, 100].Array[0, 3]
        from trigger in Gen.Int[0, 4]
        select new TaskSpec(kind, upstream, trigger, []);

    /// <summary>One in ten is a flow of such tasks, but no deeper.</summary>
    public static Gen<TaskSpec> Any { get; } =
        from outer in Plain
        from inner in Plain.Array[1, 4]
        select outer.Kind == 9 ? outer with { Inner = inner } : outer;

    /// <summary>Whether it fails where it would not; of a mapped task every other child does.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The task.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="upstream">The tasks it waits for.</param>
    /// <param name="caches">Whether it may keep its result. In flows that run side by side one might take the other's, or not.</param>
    public TaskOptions ToOptions(string name, string[] upstream, bool caches)
    {
        var maps = (Kind == 7 || (Kind == 9 && Trigger == 0)) && upstream.Length > 0;
        KeyValuePair<string, string>[] inputs = [.. upstream.Select((task, i) => new KeyValuePair<string, string>($"p{i}", task))];
        return new(name, TestFlow.Body((context, arguments) => Run(name, context, arguments)))
        {
            Map = maps ? inputs[..1] : [],
            InputFrom = maps ? inputs[1..] : inputs,
            Parameters = inputs.Length == 0 ? ["p0"] : [], // in a subflow, what its task takes
            Trigger = PrefectPS.Triggers.Trigger.Find(Triggers[Trigger])!,
            SkipOnUpstreamSkip = Trigger % 2 == 0,
            Cache = caches && Kind is 0 or 6 && Trigger < 3 ? new(TimeSpan.FromHours(1)) { Inputs = [.. inputs.Select(input => input.Key)] } : null,
            Retry = Kind is 3 or 4 ? new() { MaxRetries = 2 } : null,
        };
    }

    public static string Show(object? value) => value switch
    {
        System.Collections.IDictionary map => $"{{{string.Join(' ', map.Values.Cast<object?>().Select(Show))}}}",
        object?[] items => $"[{string.Join(' ', items.Select(Show))}]",
        _ => $"{value}",
    };

    private object? Run(string name, FlowContext context, TaskArguments arguments)
    {
        if (IsBroken && context.MapIndex is null or 1 or 3)
            throw new InvalidOperationException($"{name} is broken");
        var inputs = string.Join(',', Enumerable.Range(0, arguments.Count).Select(i => Show(arguments[i].Value)));
        return Kind switch
        {
            1 => throw new InvalidOperationException($"{name} fails"),
            2 => throw RecordingHandler.Signal(StateType.Skipped, $"{name} skips"),
            3 when context.RunCount < 3 => throw new InvalidOperationException("not yet"),
            4 => throw new InvalidOperationException("never"),
            5 when context.LoopCount < 3 => throw new FlowSignalException(
                new(StateType.Looped) { Result = TaskResult.Of($"{context.LoopResult}{context.LoopCount}") }, endsRun: false),
            5 => $"{name} looped {context.LoopResult}",
            6 => new object[] { $"{name}.0", $"{name}.1" },
            8 => null,
            _ => $"{name}({inputs})",
        };
    }
}
