using System.Globalization;

namespace PrefectPS.Results;

/// <summary>A value cannot be serialized. Collects the path to the faulty part as it propagates up.</summary>
public sealed class ValueFaultException : Exception
{
    private const int MaxShown = 6;
    private readonly List<string> _path = []; // the innermost part first

    /// <param name="fault">The fault.</param>
    /// <param name="cause">The exception thrown by the value's own code; null for none.</param>
    public ValueFaultException(string fault, Exception? cause = null)
        : base(fault, cause)
    {
    }

    /// <summary>The advice, as a sentence without its full stop.</summary>
    public string Remedy { get; init; } = "Return only what later tasks need, for example with Select-Object";

    /// <summary>The path from the value to the faulty part, as a script writes it; empty for the value itself. A long path is cut.</summary>
    internal string Path =>
        string.Concat(Enumerable.Reverse(_path).Take(MaxShown)).TrimStart('.') + (_path.Count > MaxShown ? "…" : string.Empty);

    /// <summary>True if an exception concerns the value itself; store errors and cancellation propagate unchanged.</summary>
    internal static bool Is(Exception e) => e is not (FlowException or OperationCanceledException);

    /// <summary>Wraps an exception of the value's own code.</summary>
    internal static ValueFaultException Of(Exception e) => e as ValueFaultException ?? new($"it throws: {e.Message}", e);

    /// <summary>Prepends the index of a list element to the path.</summary>
    /// <returns>The same exception.</returns>
    internal ValueFaultException Within(int index) => Within($"[{index.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>Prepends a part of the value to the path.</summary>
    /// <param name="part"><c>.Property</c> or <c>[index]</c>.</param>
    /// <returns>The same exception.</returns>
    public ValueFaultException Within(string part)
    {
        _path.Add(part);
        return this;
    }
}
