using PrefectPS.Results;

namespace PrefectPS;

/// <summary>An error that a caller can act on; its <see cref="Id"/> is stable and names the kind.</summary>
public sealed class FlowException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="id">One of <see cref="FlowErrorId"/>.</param>
    /// <param name="message">What was wrong, where, and what to do. A terminal shows it: what would command one is replaced.</param>
    /// <param name="target">The object it is about; null where there is none.</param>
    /// <param name="innerException">What caused it; null where nothing did.</param>
    /// <param name="isTransient">Whether what failed may succeed later, with nothing changed.</param>
    public FlowException(string id, string message, object? target = null, Exception? innerException = null, bool isTransient = false)
        : base(TerminalText.Of(message), innerException)
    {
        Id = id;
        Target = target;
        IsTransient = isTransient;
    }

    /// <summary>The kind of error: one of <see cref="FlowErrorId"/>.</summary>
    public string Id { get; }

    /// <summary>The object the error is about.</summary>
    public object? Target { get; }

    /// <summary>Whether what failed may succeed later, with nothing changed: a service was busy, a connection broke.</summary>
    public bool IsTransient { get; }
}
