using PrefectPS.Results;

namespace PrefectPS;

/// <summary>An error that a caller can act on; <see cref="Id"/> is stable.</summary>
public sealed class FlowException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="id">One of <see cref="FlowErrorId"/>.</param>
    /// <param name="message">What is wrong, where, and what to do. Terminal control sequences are replaced.</param>
    /// <param name="target">The object concerned; null if none.</param>
    /// <param name="innerException">The cause; null if none.</param>
    /// <param name="isTransient">True if the operation may succeed later.</param>
    public FlowException(string id, string message, object? target = null, Exception? innerException = null, bool isTransient = false)
        : base(TerminalText.Of(message), innerException)
    {
        Id = id;
        Target = target;
        IsTransient = isTransient;
    }

    /// <summary>The kind of error: one of <see cref="FlowErrorId"/>.</summary>
    public string Id { get; }

    /// <summary>The object concerned.</summary>
    public object? Target { get; }

    /// <summary>True if the operation may succeed later, as after a busy service or a broken connection.</summary>
    public bool IsTransient { get; }
}
