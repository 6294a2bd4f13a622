using CsCheck;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Generators of random states, and of runs with them.</summary>
internal static class AnyStates
{
    private static readonly Gen<DateTimeOffset> Times = CsCheck.Gen.Long[0, 3_000_000_000].Select(s => TestFlow.Start.AddMilliseconds(s));

    private static readonly Gen<State> One =
        from type in CsCheck.Gen.Int[0, StateTypes.All.Count - 1].Select(i => StateTypes.All[i])
        from message in CsCheck.Gen.String.Null()
        from result in CsCheck.Gen.OneOf<object?>(CsCheck.Gen.Int.Select(i => (object?)i), CsCheck.Gen.String.Select(s => (object?)s), CsCheck.Gen.Const((object?)null))
        from runCount in CsCheck.Gen.Int[1, 5]
        from isRepeat in CsCheck.Gen.Bool
        from loopCount in CsCheck.Gen.Int[1, 3]
        from isResumed in CsCheck.Gen.Bool
        from due in Times
        from hasRun in CsCheck.Gen.Bool
        from milliseconds in CsCheck.Gen.Int[0, 100_000]
        from error in CsCheck.Gen.String.Null()
        from wait in CsCheck.Gen.Select(Times.Nullable(), CsCheck.Gen.Bool).Select(wait => new TaskWait { Until = wait.Item1, HasPolled = wait.Item2 }).Null()
        from crashes in CsCheck.Gen.Select(CsCheck.Gen.Int[0, 9], CsCheck.Gen.Char["abc é"].Array[1, 5].Select(letters => new string(letters))).Array[0, 3]
        from goal in CsCheck.Gen.Int[0, 2].Select(i => i switch { 0 => null, 1 => new MapGoal(2, null), _ => new MapGoal(0.5, 0.25) })
        from phase in CsCheck.Gen.Int[0, 9]
        let undo = phase < 3 && type.IsSuccessful() | type == StateType.Cancelled ? new TaskUndo((UndoPhase)phase) { Attempt = runCount } : null
        let isUndone = undo is { Phase: UndoPhase.Done }
        select State.Read(type, message, new()
        {
            Attempt = runCount,
            ForceRerun = isRepeat,
            LoopCount = loopCount,
            LoopResult = loopCount > 1 ? TaskResult.Of(loopCount) : null,
            IsResumed = isResumed,
            Wait = wait,
            Goal = goal,
            Undo = isUndone == (type == StateType.Cancelled) ? undo : null,
            Crashes = [.. crashes.Select(crash => new TaskCrash(crash.Item1, crash.Item2))],
        }, hasEndedItself: isUndone && type == StateType.Cancelled) with
        {
            Result = TaskResult.Of(result),
            DueTime = type.IsScheduled() ? due : null,
            Started = hasRun ? due : null,
            Ended = hasRun ? due.AddMilliseconds(milliseconds) : null,
            Error = error is null ? null : new(error) { Id = "Id", Line = 3, LineText = "throw", ScriptName = "s.ps1", Stack = "at s", ExceptionType = "E" },
        };

    /// <summary>A state; a Mapped one has children, often none.</summary>
    public static readonly Gen<State> Gen =
        from state in One
        from children in One.Where(child => child.Type != StateType.Mapped).Array[0, 3]
        select state.Type == StateType.Mapped ? state with { Children = children } : state;

    public static (TestFlow Flow, FlowState Run) RunOf(State[] states)
    {
        var flow = new TestFlow();
        for (var i = 0; i < states.Length; i++)
            flow.Task($"task{i}");
        return (flow, new FlowState(flow.Flow, flow.New().Identity, states));
    }

    public static void AssertSame(FlowState expected, FlowState actual, bool withTimes = true)
    {
        foreach (var (e, a) in AllOf(expected).Zip(AllOf(actual)))
        {
            Assert.Equal(e.Children.Count, a.Children.Count);
            Assert.Equal((e.Slug, e.State, e.Message, e.Error), (a.Slug, a.State, a.Message, a.Error));
            Assert.Equal((e.RunCount, e.Inner.ForceRerun), (a.RunCount, a.Inner.ForceRerun));
            if (withTimes || !e.IsFinished)
                Assert.Equal((e.StartTime, e.EndTime), (a.StartTime, a.EndTime));
            Assert.Equal((e.Inner.LoopCount, e.Inner.LoopResult?.Value, e.Inner.IsResumed), (a.Inner.LoopCount, a.Inner.LoopResult?.Value, a.Inner.IsResumed));
            Assert.Equal(e.Inner.Crashes, a.Inner.Crashes);
            Assert.Equal(e.Inner.Wait, a.Inner.Wait);
            Assert.Equal(e.Inner.Goal, a.Inner.Goal);
            Assert.Equal(e.Inner.Undo, a.Inner.Undo);
            if (e.StateType != StateType.Mapped)
                Assert.Equal(e.Result, a.Result);
        }
    }

    private static IEnumerable<FlowTaskState> AllOf(FlowState run) => run.Tasks.SelectMany(task => task.Children.Prepend(task));
}
