using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Decision of a check. Checks are chained by <c>||</c>: the first one that does not continue decides.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TaskDecision
{
    private const int KindBits = 8;

    private readonly State? _state;
    private readonly long _case; // the kind, and above it the detail some kinds need: two fields, which the runtime keeps in two registers

    private TaskDecision(DecisionKind kind, State? state = null, int detail = 0)
    {
        _state = state;
        _case = ((long)detail << KindBits) | (byte)kind;
    }

    /// <summary>Continue with the next check.</summary>
    public static TaskDecision Continue => default;

    /// <summary>Run the body.</summary>
    public static TaskDecision Run => new(DecisionKind.Run);

    /// <summary>Kind of decision.</summary>
    public DecisionKind Kind => (DecisionKind)(byte)_case;

    /// <summary>The state to change to or be left in. Not set for <see cref="DecisionKind.Run"/>, <see cref="DecisionKind.Perform"/> and Recompute.</summary>
    public State State => _state!;

    /// <summary>The next phase.</summary>
    public TaskPhase Next => (TaskPhase)Detail;

    /// <summary>The effect to perform.</summary>
    public Effect Effect => (Effect)Detail;

    /// <summary>How the budget limits the task.</summary>
    public BudgetLimit Limit => (BudgetLimit)Detail;

    /// <summary>Index of the upstream task to recompute.</summary>
    public int Input => Detail;

    private int Detail => (int)(_case >> KindBits);

    /// <summary>Change the state, unless a state handler replaces it, and decide again.</summary>
    public static TaskDecision Change(State to, TaskPhase next) => new(DecisionKind.Change, to, (int)next);

    /// <summary>Receive what the task waited for and leave it in that state, unless a state handler replaces it; decide again.</summary>
    public static TaskDecision Receive(State received) => new(DecisionKind.Receive, received, (int)TaskPhase.Given);

    /// <summary>Start the task: Running, charged to the budget.</summary>
    public static TaskDecision Start(State running) => new(DecisionKind.Start, running, (int)TaskPhase.Started);

    /// <summary>Resume the subflow that an earlier step started.</summary>
    public static TaskDecision ResumeSubflow(State running) => new(DecisionKind.ResumeSubflow, running, (int)TaskPhase.Started);

    /// <summary>Begin the next loop pass, without calling handlers.</summary>
    public static TaskDecision Loop(State next) => new(DecisionKind.Loop, next, (int)TaskPhase.Looped);

    /// <summary>Perform an effect that the decision depends on.</summary>
    public static TaskDecision Perform(Effect effect) => new(DecisionKind.Perform, detail: (int)effect);

    /// <summary>Recompute an input that was not kept, and decide again.</summary>
    public static TaskDecision Recompute(int input) => new(DecisionKind.Recompute, detail: input);

    /// <summary>Wait: nothing can be done now.</summary>
    public static TaskDecision Wait(State state) => new(DecisionKind.Wait, state);

    /// <summary>Postpone a task because of the budget.</summary>
    public static TaskDecision Defer(State state, BudgetLimit limit) => new(DecisionKind.Defer, state, (int)limit);

    /// <summary>End this pass, and continue at once.</summary>
    public static TaskDecision Again(State state) => new(DecisionKind.Again, state);

    /// <summary>End this pass.</summary>
    public static TaskDecision End(State state) => new(DecisionKind.End, state);

    public static bool operator true(TaskDecision decision) => decision._case != 0;

    public static bool operator false(TaskDecision decision) => decision._case == 0;

    public static TaskDecision operator |(TaskDecision first, TaskDecision second) => first._case == 0 ? second : first;
}
