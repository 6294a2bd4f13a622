namespace PrefectPS.Flows;

/// <summary>Conditions under which a task runs again though its target exists. Immutable.</summary>
public sealed record RerunPolicy
{
    /// <summary>True to run again when the script changed; comments and white space do not count.</summary>
    public bool OnScript { get; init; }

    /// <summary>True to run again when values of <see cref="Inputs"/> changed.</summary>
    public bool OnInput { get; init; }

    /// <summary>Body parameters that count as inputs. Mapped ones always count.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Source files that must not be newer than the target; null if none.</summary>
    public ISourceFiles? Files { get; init; }

    /// <summary>True if the policy needs a record of how the target was made.</summary>
    internal bool IsRecorded => OnScript || OnInput;
}
