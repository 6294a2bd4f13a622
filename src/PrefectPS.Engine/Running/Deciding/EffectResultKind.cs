namespace PrefectPS.Running;

/// <summary>The cases of an <see cref="EffectResult"/>.</summary>
internal enum EffectResultKind : byte
{
    /// <summary>Nothing was found, and nothing refused.</summary>
    Nothing,

    /// <summary>There is a state for the task to change to.</summary>
    Found,

    /// <summary>The task ends in a state, without what was asked about.</summary>
    Refused,
}
