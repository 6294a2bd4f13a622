using Orleans.Runtime;

namespace PrefectPS.Orleans.Workers;

/// <summary>Handles the cluster declaring this worker dead: the process survives and rejoins, where Orleans would end it.</summary>
/// <param name="declareDead">Called once that has happened.</param>
internal sealed class DeclaredDeadHandler(Action<string> declareDead) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) => declareDead(context ?? exception?.Message ?? string.Empty);
}
