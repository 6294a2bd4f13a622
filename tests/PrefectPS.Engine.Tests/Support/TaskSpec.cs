using CsCheck;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A task made by chance: what its body does, what it waits for, when it runs.</summary>
internal sealed record TaskSpec(int Kind, int[] Upstream, int When, TaskSpec.Extras Extra, IReadOnlyList<TaskSpec> Inner)
{
    private static readonly ITrigger[] Triggers =
    [
        Trigger.AllSuccessful, Trigger.AllSuccessful, Find("all_finished"), Find("any_successful"), Find("not_all_skipped"), Find("any_failed"), Find("all_failed"),
        Trigger.SomeSuccessful(new(AtLeast: 1, AtMost: 0.9)), Trigger.SomeFailed(new(AtLeast: null, AtMost: 1)), Find("manual_only"),
    ];

    private static readonly MapGoal?[] Goals = [null, new(1, null), new(null, 0), new(0.5, null), new(2, 0.3)];

    private static readonly StateType[] ThrowOn = [StateType.Success, StateType.Failed, StateType.Running];

    /// <summary>One in ten is a flow of such tasks, but no deeper.</summary>
    public static Gen<TaskSpec> Any { get; } = Nested(Plain(Extras.ThrowingHandler));

    /// <summary>
    /// The same without goals of maps, for what several bodies run at a time in, or time passes otherwise: which children a goal leaves out depends on which end first.
    /// </summary>
    public static Gen<TaskSpec> AnyUnordered { get; } = Any.Select(spec => spec.WithoutGoal);

    /// <summary>The same, with tasks whose results are secrets.</summary>
    public static Gen<TaskSpec> AnyWithSecrets { get; } = Nested(Plain(Extras.Sensitive)).Select(spec => spec.WithoutGoal);

    private static Gen<TaskSpec> Nested(Gen<TaskSpec> plain) =>
        from outer in plain
        from inner in plain.Array[1, 4]
        select outer.Kind == 9 ? outer with { Inner = inner } : outer;

    private static Gen<TaskSpec> Plain(Extras highest) =>
        from kind in Gen.Frequency((5, Gen.Int[0, 9]), (1, Gen.Int[10, 15]))
        from upstream in Gen.Int[0, 100].Array[0, 3]
        from trigger in Gen.Frequency((4, Gen.Int[0, 4]), (1, Gen.Int[5, 9]))
        from extra in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[0, (2 * (int)highest) - 1]))
        from goal in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, Goals.Length - 1]))
        select new TaskSpec(kind, upstream, trigger, (Extras)extra, []) { Goal = goal };

    /// <summary>What else it has.</summary>
    [Flags]
    public enum Extras
    {
        None = 0,

        /// <summary>A condition that holds for some inputs.</summary>
        Condition = 1,

        /// <summary>A time between its attempts, or, where its body simply returns, before it begins.</summary>
        Delay = 2,

        /// <summary>A state handler that changes states it ends in.</summary>
        Handler = 4,

        /// <summary>A tag that a throttle may have a limit for.</summary>
        Tag = 8,

        /// <summary>Where it is mapped, over the elements of the elements.</summary>
        Flatten = 16,

        /// <summary>A state handler that throws when the task starts or ends, whichever it is.</summary>
        ThrowingHandler = 32,

        /// <summary>Its result, where it simply returns one, is a secret.</summary>
        Sensitive = 64,
    }

    /// <summary>Where it is mapped, what its children are judged by, as a number; 0 for nothing.</summary>
    public int Goal { get; init; }

    /// <summary>Whether it fails where it would not; of a mapped task every other child does.</summary>
    public bool IsBroken { get; init; }

    private TaskSpec WithoutGoal => this with { Goal = 0, Inner = [.. Inner.Select(inner => inner.WithoutGoal)] };

    private bool IsSensitive => Extra.HasFlag(Extras.Sensitive) && Kind is (0 or 6 or 7);

    /// <summary>The task.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="upstream">The tasks it waits for.</param>
    /// <param name="caches">Whether it may keep its result. In flows that run side by side one might take the other's, or not.</param>
    public TaskOptions ToOptions(string name, string[] upstream, bool caches)
    {
        var maps = (Kind == 7 || (Kind == 9 && When == 0)) && upstream.Length > 0;
        KeyValuePair<string, string>[] inputs = [.. upstream.Select((task, i) => new KeyValuePair<string, string>($"p{i}", task))];
        return new(name, TestFlow.Body((context, arguments) => Run(name, context, arguments), IsBroken ? "broken" : string.Empty))
        {
            Map = maps ? inputs[..1] : [],
            Goal = maps ? Goals[Goal] : null,
            Flatten = maps && Extra.HasFlag(Extras.Flatten),
            InputFrom = maps ? inputs[1..] : inputs,
            Parameters = inputs.Length == 0 ? ["p0"] : [], // in a subflow, what its task takes
            Trigger = Triggers[When],
            SkipOnUpstreamSkip = When % 2 == 0,
            Cache = caches && !IsSensitive && Kind is 0 or 6 && When < 3 ? new(TimeSpan.FromHours(1)) { Inputs = [.. inputs.Select(input => input.Key)] } : null,
            Retry = Kind is 3 or 4 ? new() { MaxRetries = 2, Delays = Extra.HasFlag(Extras.Delay) ? [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)] : [] } : null,
            Delay = Kind is 0 or 15 && Extra.HasFlag(Extras.Delay) ? TimeSpan.FromMinutes(5) : null,
            Poll = Kind == 15 ? new(new NoAnswer()) { Interval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromMinutes(30), TimeoutAction = WaitTimeoutAction.Run } : null, // twice
            When = Extra.HasFlag(Extras.Condition) ? new Condition() : null,
            StateHandlers =
            [
                .. Extra.HasFlag(Extras.Handler) ? [new RecordingHandler(Replace)] : (IStateHandler[])[],
                .. Extra.HasFlag(Extras.ThrowingHandler) ? [new RecordingHandler(Throw)] : (IStateHandler[])[],
            ],
            IsSensitive = IsSensitive,
            Tags = Extra.HasFlag(Extras.Tag) ? ["few"] : [],
        };
    }

    public static string Show(object? value) => value switch
    {
        System.Collections.IDictionary map => $"{{{string.Join(' ', map.Values.Cast<object?>().Select(Show))}}}",
        object?[] items => $"[{string.Join(' ', items.Select(Show))}]",
        _ => $"{value}",
    };

    private static ITrigger Find(string name) => Trigger.Find(name)!;

    // A failure is told in other words, and what put out nothing is skipped.
    private static FlowTaskState? Replace(FlowTaskState old, FlowTaskState @new) => @new.StateType switch
    {
        StateType.Failed => @new.With(@new.Inner with { Message = "handled" }),
        StateType.Success when @new.Inner is { Result: null, Children: null, SubflowRun: null } => @new.With(new(StateType.Skipped, "nothing")),
        _ => null,
    };

    // On the change to one type of state, which is another one for other tasks.
    private FlowTaskState? Throw(FlowTaskState old, FlowTaskState @new) =>
        @new.StateType == ThrowOn[Kind % ThrowOn.Length]
            ? throw new InvalidOperationException($"the handler fails on {@new.State}")
            : null;

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
            6 => new object[] { new object[] { $"{name}.0", $"{name}.1" }, $"{name}.2" },
            8 => null,
            10 => throw RecordingHandler.Signal(StateType.Failed, $"{name} ends failed", endsRun: true),
            11 => throw new FlowSignalException(new(StateType.Success, $"{name} ends") { Result = TaskResult.Of($"{name}({inputs})") }, endsRun: true),
            12 => throw RecordingHandler.Signal(StateType.Skipped, $"{name} ends skipped", endsRun: true),
            14 => throw RecordingHandler.Signal(StateType.Cancelled, $"{name} ends cancelled", endsRun: true),
            13 when !context.IsResumed => throw RecordingHandler.Signal(StateType.Paused, $"{name} waits", endsRun: true),
            _ => $"{name}({inputs})",
        };
    }

    private sealed class NoAnswer : IAnswerTest
    {
        public string Source => "no";

        public bool Accepts(FlowContext context, object? answer) => false;
    }

    private sealed class Condition : ITaskCondition
    {
        public string Source => "condition";

        public bool IsMet(FlowContext context, TaskArguments arguments) =>
            Enumerable.Range(0, arguments.Count).Sum(i => Show(arguments[i].Value).Length) % 4 > 0;
    }
}
