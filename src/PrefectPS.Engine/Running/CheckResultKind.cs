namespace PrefectPS.Running;

/// <summary>The cases of a <see cref="CheckResult"/>.</summary>
internal enum CheckResultKind : byte
{
    /// <summary>The next check is asked; after the last one the body runs.</summary>
    Continue,

    /// <summary>The task ends this pass.</summary>
    End,

    /// <summary>The task ends this pass and goes on at once: another pass of its loop, or a retry without delay.</summary>
    Again,

    /// <summary>The task waits: for upstream tasks, a time, an approval or a budget.</summary>
    Wait,

    /// <summary>An input has to be recomputed first.</summary>
    Recompute,
}
