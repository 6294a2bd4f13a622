using Orleans.Runtime;

namespace PrefectPS.Orleans.Workers;

/// <summary>Takes it that the cluster has declared this worker dead: the process lives on, and joins anew.</summary>
/// <param name="fall">Called once that has happened.</param>
internal sealed class FallenHandler(Action<string> fall) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) => fall(context ?? exception?.Message ?? string.Empty);
}
