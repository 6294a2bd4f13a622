
namespace PrefectPS.Flows;

/// <summary>Which run this is. Immutable.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Step">How many steps it has had.</param>
/// <param name="Started">When it was started; UTC.</param>
/// <param name="Parameters">The values of the flow's parameters, by name, whatever its case.</param>
public sealed record RunIdentity(string RunId, int Step, DateTimeOffset Started, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>The parameters that were given a secret, which is never written: of a run that was read, their values are to be given again.</summary>
    internal IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>The values of the flow's parameters as they are shown.</summary>
    internal IReadOnlyDictionary<string, object?> ShownParameters => Secrets.Count == 0 ? Parameters : RunParameters.Show(this);

    /// <summary>Those of them whose values the run was read without.</summary>
    internal IEnumerable<string> LostSecrets => Secrets.Where(name => !Parameters.ContainsKey(name));

    /// <summary>Whether it is what a sensitive task does: all its results are secrets, which are never written.</summary>
    internal bool IsSensitive { get; init; }

    /// <summary>The time zone that the run began in; null where no target is made of values.</summary>
    internal string? Zone { get; init; }

    /// <summary>Which of the tasks are to run; null for all.</summary>
    internal RunSelection? Selection { get; init; }

    /// <summary>How much of this what the run was read from says.</summary>
    public RunNaming Naming { get; init; }

    /// <summary>What others have asked of the run from outside.</summary>
    public RunControl Control { get; init; } = RunControl.None;

    /// <summary>When it was scheduled for, or the run that it is in was; where no schedule began that, when it was started. UTC.</summary>
    internal DateTimeOffset ScheduledStartTime => ScheduledTime.Find(Root?.RunId ?? RunId) ?? Started;

    /// <summary>When the next run is due: this one stands for it, and is no run yet. Null for a run.</summary>
    internal DateTimeOffset? Due { get; init; }

    /// <summary>The run that this one is in, at whatever depth, while a step works on it; null where it is in none.</summary>
    public RootRun? Root { get; init; }

    /// <summary>Whether a step of it is only planned.</summary>
    internal bool IsPlanned { get; init; }

    /// <summary>Whether a parameter was given a secret.</summary>
    internal bool IsSecret(string parameter) => Secrets.Count > 0 && Secrets.Contains(parameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the results of a task, of this run's flow, are secrets.</summary>
    public bool Hides(FlowTask task) => IsSensitive || task.IsSensitive;
}
