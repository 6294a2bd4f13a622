using System.Runtime.InteropServices;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Result of performing an <see cref="Effect"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct EffectResult
{
    private readonly State? _state;

    private EffectResult(EffectResultKind kind, State? state = null)
    {
        Kind = kind;
        _state = state;
    }

    /// <summary>Nothing found and nothing refused: continue with the next check.</summary>
    public static EffectResult Nothing => default;

    /// <summary>Kind of result.</summary>
    public EffectResultKind Kind { get; }

    /// <summary>The state, if any.</summary>
    public State State => _state!;

    /// <summary>A state for the task to change to.</summary>
    public static EffectResult Found(State state) => new(EffectResultKind.Found, state);

    /// <summary>The task is refused and ends in a state.</summary>
    public static EffectResult Refused(State state) => new(EffectResultKind.Refused, state);
}
