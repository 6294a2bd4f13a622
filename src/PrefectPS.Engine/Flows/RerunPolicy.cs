namespace PrefectPS.Flows;

/// <summary>What makes a task run again though its target is there. Immutable.</summary>
public sealed record RerunPolicy
{
    /// <summary>Whether another script does, but for comments and white space.</summary>
    public bool OnScript { get; init; }

    /// <summary>Whether other values of <see cref="Inputs"/> do.</summary>
    public bool OnInput { get; init; }

    /// <summary>The parameters of the body that count as inputs. Those that are mapped over always count.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Files that the target must not be older than; null for none.</summary>
    public ISourceFiles? Files { get; init; }

    /// <summary>Whether something is to be known of how the target was made.</summary>
    internal bool IsRecorded => OnScript || OnInput;
}
