using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Which run a step is of. Immutable.</summary>
public abstract record RunChoice
{
    /// <summary>The flow.</summary>
    public abstract Flow Flow { get; }

    /// <summary>Whether Cancelled tasks become Pending in any case, before the step and after it: nobody is there between two steps who could reset them.</summary>
    internal virtual bool ResetsCancelled => true;

    /// <summary>Gets hold of the run: where it is on record, of its lease.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: another step is working on the run. <see cref="FlowErrorId.StoreFailed"/>. <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    internal abstract OpenedRun Open(CancellationToken cancellationToken);

    /// <summary>Looks at the run as <see cref="Open"/> would find it. Nobody is kept from working on it, and nothing is written.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or what the record or the parameters are refused by.</exception>
    internal abstract OpenedRun Look(CancellationToken cancellationToken);
}
