
namespace PrefectPS.Flows;

/// <summary>Identity of a run: id, step, start, parameters, and what they imply. Immutable.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Step">Number of steps so far.</param>
/// <param name="Started">Start of the run; UTC.</param>
/// <param name="Parameters">Flow parameter values by name, case-insensitive.</param>
public sealed record RunIdentity(string RunId, int Step, DateTimeOffset Started, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>Names of the parameters with secret values. Secrets are never written, so they must be given again for a run that was read.</summary>
    internal IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>Flow parameter values as shown, secrets hidden.</summary>
    internal IReadOnlyDictionary<string, object?> ShownParameters => Secrets.Count == 0 ? Parameters : RunParameters.Show(this);

    /// <summary>The secret parameters whose values are missing because the run was read.</summary>
    internal IEnumerable<string> LostSecrets => Secrets.Where(name => !Parameters.ContainsKey(name));

    /// <summary>True if the run is the subflow of a sensitive task: all results are secret and never written.</summary>
    internal bool IsSensitive { get; init; }

    /// <summary>Time zone the run began in; null if no target uses values.</summary>
    internal string? Zone { get; init; }

    /// <summary>The selected tasks; null for all.</summary>
    internal RunSelection? Selection { get; init; }

    /// <summary>How much of the identity the document that was read contained.</summary>
    public IdentityCoverage Coverage { get; init; }

    /// <summary>The control requests applied to the run.</summary>
    public RunControl Control { get; init; } = RunControl.None;

    /// <summary>Scheduled time of the run or of its root run; the start if it was started by hand. UTC.</summary>
    internal DateTimeOffset ScheduledStartTime => ScheduledTime.Find(Root?.RunId ?? RunId) ?? Started;

    /// <summary>Due time of the next scheduled run, which this object is a placeholder for. Null for a real run.</summary>
    internal DateTimeOffset? Due { get; init; }

    /// <summary>The root run while a step works on this subflow run; null if it is not nested.</summary>
    public RootRun? Root { get; init; }

    /// <summary>True if the step is only planned.</summary>
    internal bool IsPlanned { get; init; }

    /// <summary>True if the parameter's value is secret.</summary>
    internal bool IsSecret(string parameter) => Secrets.Count > 0 && Secrets.Contains(parameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>True if the results of a task of this run's flow are secret.</summary>
    public bool Hides(FlowTask task) => IsSensitive || task.IsSensitive;
}
