using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What a check of the pipeline decides. Checks are joined by <c>||</c>: the first that does not continue decides.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct CheckResult
{
    private readonly State? _state;
    private readonly int _input;
    private readonly CheckResultKind _kind;

    private CheckResult(CheckResultKind kind, State? state, int input = -1)
    {
        _kind = kind;
        _state = state;
        _input = input;
    }

    /// <summary>The next check is asked; after the last one the body runs.</summary>
    public static CheckResult Continue => default;

    /// <summary>What follows.</summary>
    public CheckResultKind Kind => _kind;

    /// <summary>The state that the task is left in. Not for <see cref="CheckResultKind.Continue"/>.</summary>
    public State State => _state!;

    /// <summary>The input to recompute, as the index of the upstream task.</summary>
    public int Input => _input;

    /// <summary>The task ends this pass in a state.</summary>
    public static CheckResult End(State state) => new(CheckResultKind.End, state);

    /// <summary>The task ends this pass in a state, from which it goes on at once.</summary>
    public static CheckResult Again(State state) => new(CheckResultKind.Again, state);

    /// <summary>Nothing can be done for the task now.</summary>
    public static CheckResult Wait(State state) => new(CheckResultKind.Wait, state);

    /// <summary>An input was not kept: once it is recomputed, the checks are asked again.</summary>
    public static CheckResult Recompute(int input) => new(CheckResultKind.Recompute, null, input);

    public static bool operator true(CheckResult result) => result._kind != CheckResultKind.Continue;

    public static bool operator false(CheckResult result) => result._kind == CheckResultKind.Continue;

    public static CheckResult operator |(CheckResult first, CheckResult second) => first._kind == CheckResultKind.Continue ? second : first;
}
