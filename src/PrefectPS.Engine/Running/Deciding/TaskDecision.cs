using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What a check decides about a task. Checks are joined by <c>||</c>: the first that does not continue decides.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TaskDecision
{
    private const int KindBits = 8;

    private readonly State? _state;
    private readonly long _case; // the kind, and above it the one detail that a kind may need: two fields are what the runtime keeps in two registers

    private TaskDecision(DecisionKind kind, State? state = null, int detail = 0)
    {
        _state = state;
        _case = ((long)detail << KindBits) | (byte)kind;
    }

    /// <summary>The next check is asked.</summary>
    public static TaskDecision Continue => default;

    /// <summary>The body is to be run.</summary>
    public static TaskDecision Run => new(DecisionKind.Run);

    /// <summary>What is to happen.</summary>
    public DecisionKind Kind => (DecisionKind)(byte)_case;

    /// <summary>The state that the task changes to or is left in. Not for <see cref="DecisionKind.Run"/>, <see cref="DecisionKind.Perform"/> and Recompute.</summary>
    public State State => _state!;

    /// <summary>Where the task is once it has changed.</summary>
    public TaskPhase Next => (TaskPhase)Detail;

    /// <summary>What is to be performed before the task can be decided on.</summary>
    public Effect Effect => (Effect)Detail;

    /// <summary>Why the budget puts the task off.</summary>
    public BudgetLimit Limit => (BudgetLimit)Detail;

    /// <summary>The input to recompute, as the index of the upstream task.</summary>
    public int Input => Detail;

    private int Detail => (int)(_case >> KindBits);

    /// <summary>The task changes to a state, unless a state handler chooses another, and is decided on again.</summary>
    public static TaskDecision Change(State to, TaskPhase next) => new(DecisionKind.Change, to, (int)next);

    /// <summary>The task has what it waited for, and is left in that state, unless a state handler chooses another; it is decided on again.</summary>
    public static TaskDecision Receive(State received) => new(DecisionKind.Receive, received, (int)TaskPhase.Given);

    /// <summary>The task changes to Running: it takes its place in the budget.</summary>
    public static TaskDecision Start(State running) => new(DecisionKind.Start, running, (int)TaskPhase.Started);

    /// <summary>The task is Running again, as an earlier step has started it.</summary>
    public static TaskDecision GoOn(State running) => new(DecisionKind.GoOn, running, (int)TaskPhase.Started);

    /// <summary>The loop's next pass begins, in a state that no handler is asked about.</summary>
    public static TaskDecision Loop(State next) => new(DecisionKind.Loop, next, (int)TaskPhase.Looped);

    /// <summary>What the decision depends on is not known yet: it is to be performed.</summary>
    public static TaskDecision Perform(Effect effect) => new(DecisionKind.Perform, detail: (int)effect);

    /// <summary>An input was not kept: once it is recomputed, the checks are asked again.</summary>
    public static TaskDecision Recompute(int input) => new(DecisionKind.Recompute, detail: input);

    /// <summary>Nothing can be done for the task now.</summary>
    public static TaskDecision Wait(State state) => new(DecisionKind.Wait, state);

    /// <summary>The task could go on, but the budget does not allow it.</summary>
    public static TaskDecision Defer(State state, BudgetLimit limit) => new(DecisionKind.Defer, state, (int)limit);

    /// <summary>The task ends this pass in a state, from which it goes on at once.</summary>
    public static TaskDecision Again(State state) => new(DecisionKind.Again, state);

    /// <summary>The task ends this pass in a state.</summary>
    public static TaskDecision End(State state) => new(DecisionKind.End, state);

    public static bool operator true(TaskDecision decision) => decision._case != 0;

    public static bool operator false(TaskDecision decision) => decision._case == 0;

    public static TaskDecision operator |(TaskDecision first, TaskDecision second) => first._case == 0 ? second : first;
}
