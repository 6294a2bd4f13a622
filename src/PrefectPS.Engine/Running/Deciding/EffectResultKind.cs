namespace PrefectPS.Running;

/// <summary>Kinds of an <see cref="EffectResult"/>.</summary>
internal enum EffectResultKind : byte
{
    /// <summary>Nothing found and nothing refused.</summary>
    Nothing,

    /// <summary>A state for the task to change to.</summary>
    Found,

    /// <summary>The task is refused and ends in a state.</summary>
    Refused,
}
