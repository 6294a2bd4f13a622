using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Chooses the run of a step. Immutable.</summary>
public abstract record RunChoice
{
    /// <summary>The flow.</summary>
    public abstract Flow Flow { get; }

    /// <summary>True if Cancelled tasks are always reset, before and after the step, as nobody could reset them between steps.</summary>
    internal virtual bool ResetsCancelled => true;

    /// <summary>Opens the run, and acquires its lease if it is recorded.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreConflict"/>: another step works on the run. <see cref="FlowErrorId.StoreFailed"/>. <see
    /// cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    internal abstract OpenedRun Open(CancellationToken cancellationToken);

    /// <summary>Previews the run as <see cref="Open"/> would find it, without a lease and without writing.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or an error of the record or the parameters.</exception>
    internal abstract OpenedRun Look(CancellationToken cancellationToken);
}
