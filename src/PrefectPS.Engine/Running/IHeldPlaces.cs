namespace PrefectPS.Running;

/// <summary>Places that a body has until it has ended; to be disposed of then.</summary>
internal interface IHeldPlaces : IDisposable
{
    /// <summary>Before the body begins: stops the step where somebody else has a place by now.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    void EnsureHeld();
}
