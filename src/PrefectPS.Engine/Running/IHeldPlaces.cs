namespace PrefectPS.Running;

/// <summary>Slots held by a body; disposed when it has ended.</summary>
internal interface IHeldPlaces : IDisposable
{
    /// <summary>Stops the step if a slot was lost to someone else; called before the body begins.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    void EnsureHeld();
}
