using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What performing an <see cref="Effect"/> has come to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct EffectResult
{
    private readonly State? _state;

    private EffectResult(EffectResultKind kind, State? state = null)
    {
        Kind = kind;
        _state = state;
    }

    /// <summary>Nothing was found, or nothing refused: the next check is asked.</summary>
    public static EffectResult Nothing => default;

    /// <summary>What it has come to.</summary>
    public EffectResultKind Kind { get; }

    /// <summary>The state, where there is one.</summary>
    public State State => _state!;

    /// <summary>There is a state for the task to change to.</summary>
    public static EffectResult Found(State state) => new(EffectResultKind.Found, state);

    /// <summary>The task is not to go on.</summary>
    public static EffectResult Refused(State state) => new(EffectResultKind.Refused, state);
}
