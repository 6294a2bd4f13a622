using System.Collections;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>What the body of a task of a random flow does.</summary>
internal sealed class GraphBody(GraphTask task)
{
    /// <summary>How the names of inputs that are elements begin.</summary>
    public const string Mapped = "m";

    private const long SkippedResult = 7;
    private const long FailedResult = 11;

    public object? Run(FlowContext context, TaskArguments arguments)
    {
        if (context.MapIndex is not null)
            LookAt(arguments[arguments.IndexOf($"{Mapped}0")].Value);
        var value = Do(context, 1 + Enumerable.Range(0, arguments.Count).Sum(i => SumOf(arguments[i].Value)));
        return task.List?.Cast<object>().ToArray() ?? (object)value;
    }

    private static void LookAt(object? element)
    {
        var number = SumOf(element);
        if (number % 5 == 0)
            throw new InvalidOperationException($"elem {number}");
        if (number % 7 == 0)
            throw Signal(StateType.Skipped, $"elem {number}");
    }

    // What it returns, where it does not end otherwise and has no list.
    private long Do(FlowContext context, long total) => task.Does switch
    {
        "ok" => total,
        "fail" => throw new InvalidOperationException($"boom {task.Name}"),
        "skip" => throw Signal(StateType.Skipped, $"skip {task.Name}"),
        "skipres" => throw Signal(StateType.Skipped, $"skip {task.Name}", SkippedResult),
        "vfail" => throw Signal(StateType.ValidationFailed, $"v {task.Name}"),
        "tfail" => throw Signal(StateType.TriggerFailed, $"tf {task.Name}"),
        "failres" => throw Signal(StateType.Failed, $"f {task.Name}", FailedResult),
        "success" => throw Signal(StateType.Success, $"s {task.Name}"),
        "successres" => throw Signal(StateType.Success, $"s {task.Name}", total),
        "retry" => context.RunCount <= task.K ? throw new InvalidOperationException($"try {context.RunCount}") : total,
        "retrysig" => context.RunCount <= task.K ? throw Signal(StateType.Retrying, $"again {context.RunCount}") : total,
        "loop" => Loop(context, total),
        "pause" => throw Signal(StateType.Paused, $"pause {task.Name}", endsRun: true),
        "endcancel" => throw Signal(StateType.Cancelled, $"ec {task.Name}", endsRun: true),
        "endfail" => throw Signal(StateType.Failed, $"ef {task.Name}", endsRun: true),
        "endskip" => throw Signal(StateType.Skipped, $"es {task.Name}", endsRun: true),
        "endsuccess" => throw Signal(StateType.Success, $"eS {task.Name}", total, endsRun: true),
        var other => throw new NotSupportedException($"Nothing does '{other}'."),
    };

    private long Loop(FlowContext context, long total)
    {
        var soFar = NumberOf(context.LoopResult) ?? 0;
        return context.LoopCount <= task.K
            ? throw Signal(StateType.Looped, $"loop {context.LoopCount}", soFar + context.LoopCount)
            : total + soFar;
    }

    private static FlowSignalException Signal(StateType type, string message, long? result = null, bool endsRun = false) =>
        new(new(type, message) { Result = result is null ? null : TaskResult.Of(result) }, endsRun);

    // Of a list all numbers in it; what is neither a list nor a number is 0.
    private static long SumOf(object? value) =>
        value is IEnumerable list and not string ? list.Cast<object?>().Sum(SumOf) : NumberOf(value) ?? 0;

    private static long? NumberOf(object? value) =>
        value is int or long ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}
