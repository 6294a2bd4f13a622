using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A flow with a task <c>t</c> at a given position; mapped, or in a map, it has two children.</summary>
internal sealed class PositionedTask
{
    private const string Name = "t";
    private readonly TaskPosition _place;
    private readonly FlowOptions _options;
    private readonly IValueAdapter? _values;
    private readonly List<TestFlow> _flows = [];

    /// <param name="place">Position of the task.</param>
    /// <param name="body">The body.</param>
    /// <param name="set">Sets further options.</param>
    /// <param name="options">Options of all flows.</param>
    /// <param name="values">Value adapter of all flows.</param>
    public PositionedTask(
        TaskPosition place, Func<FlowContext, TaskArguments, object?> body, Func<TaskOptions, TaskOptions>? set = null, FlowOptions? options = null, IValueAdapter? values = null)
    {
        (_place, _options, _values) = (place, options ?? new(), values);
        var task = (set ?? (given => given))(new(Name, TestFlow.Body(body)));
        Flow = place switch
        {
            TaskPosition.TopLevel => Plain("flow", task),
            TaskPosition.MapChild => Mapped("flow", task),
            TaskPosition.MapOverMap => OverMap("flow", task),
            TaskPosition.Subflow => Plain("flow", Sub("s", Plain("inner", task))),
            TaskPosition.MapInSubflow => Plain("flow", Sub("s", Mapped("inner", task))),
            TaskPosition.SubflowInMap => Mapped("flow", Sub("s", Plain("inner", task))),
            TaskPosition.SubflowInSubflow => Plain("flow", Sub("s", Plain("middle", Sub("u", Plain("inner", task))))),
            _ => Mapped("flow", Sub("s", Mapped("inner", task))),
        };
    }

    /// <summary>The whole flow.</summary>
    public TestFlow Flow { get; }

    /// <summary>Name of the outermost task that is or contains the task.</summary>
    public string Outer => _place is TaskPosition.TopLevel or TaskPosition.MapChild or TaskPosition.MapOverMap ? Name : "s";

    /// <summary>Number of instances of the task.</summary>
    public int Count => _place switch
    {
        TaskPosition.TopLevel or TaskPosition.Subflow or TaskPosition.SubflowInSubflow => 1,
        TaskPosition.MapInSubflowInMap => 4,
        _ => 2,
    };

    /// <summary>Number of executions of its body.</summary>
    public int Runs => _flows.Sum(flow => flow.Ran.Count(name => name == Name));

    /// <summary>States of the task's instances, wherever they are.</summary>
    public static IReadOnlyList<FlowTaskState> Of(FlowState run) => [.. run.Tasks.SelectMany(Leaves)];

    /// <summary>Sets the state of the task or its children, like <c>Set-FlowTaskState -Task</c>.</summary>
    public static FlowState Edit(FlowState run, StateType to, params StateType[] from) => Edit(run, Name, to, from);

    /// <summary>Sets the state of a task.</summary>
    public static FlowState Edit(FlowState run, string task, StateType to, params StateType[] from) => new StateEdit
    {
        Chooses = (candidate, _, state, _) => candidate.Name == task && StateEdit.IsFrom(state, from is [] ? null : from, isNamed: true),
        To = to,
        Change = (_, state, _, isStale) => state.Edit(to, message: null, isStale),
    }.Of(run);

    /// <summary>Takes steps of a number of tasks through documents of a form, until nothing is left to run.</summary>
    public FlowState RunInSteps(DocumentForm form, int maxTasks, FlowState? given = null) => form.RunInSteps(Flow, maxTasks, given);

    private static IEnumerable<FlowTaskState> Leaves(FlowTaskState task) =>
        task.Children.Count > 0 ? task.Children.SelectMany(Leaves)
        : task.Subflow is { } inner ? inner.Tasks.SelectMany(Leaves)
        : task.Task.Name == Name ? [task]
        : [];

    private static TaskOptions Sub(string name, TestFlow inner) => new(name, null) { Subflow = inner.Flow };

    private TestFlow Plain(string name, TaskOptions task) => New(name).Add(task);

    private TestFlow Mapped(string name, TaskOptions task) => New(name).Task("list", _ => new object[] { 1, 2 }).Add(task with { Map = [new("x", "list")] });

    private TestFlow OverMap(string name, TaskOptions task) =>
        Mapped(name, new("first", TestFlow.Body(arguments => arguments[0].Value))).Add(task with { Map = [new("x", "first")] });

    private TestFlow New(string name)
    {
        var flow = new TestFlow(name, _options with { Parameters = new ParameterDefaults([new("x", null)]) }, values: _values);
        _flows.Add(flow);
        return flow;
    }
}
