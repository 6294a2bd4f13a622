using System.Globalization;

namespace PrefectPS.Results;

/// <summary>A value cannot be written. Collects the path to the part that is wrong while it passes the writer's levels.</summary>
internal sealed class ValueFaultException : Exception
{
    private const int MaxShown = 6;
    private readonly List<string> _path = []; // the innermost part first

    /// <param name="fault">What is wrong.</param>
    /// <param name="cause">The exception of the value's own code; null where none was thrown.</param>
    public ValueFaultException(string fault, Exception? cause = null)
        : base(fault, cause)
    {
    }

    /// <summary>What to do, as a sentence without its full stop.</summary>
    public string Remedy { get; init; } = "Return only what later tasks need, for example with Select-Object";

    /// <summary>Path from the value to the part that is wrong, as a script writes it; empty for the value itself. Of a long one the beginning.</summary>
    public string Path =>
        string.Concat(Enumerable.Reverse(_path).Take(MaxShown)).TrimStart('.') + (_path.Count > MaxShown ? "…" : string.Empty);

    /// <summary>Whether an exception comes of the value itself: a store's errors and a step that is being stopped pass as they are.</summary>
    public static bool Is(Exception e) => e is not (FlowException or OperationCanceledException);

    /// <summary>The fault that an exception of the value's own code is.</summary>
    public static ValueFaultException Of(Exception e) => e as ValueFaultException ?? new($"it throws: {e.Message}", e);

    /// <summary>Says in which element of a list it is.</summary>
    /// <returns>The same exception.</returns>
    public ValueFaultException Within(int index) => Within($"[{index.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>Says in which part of the value it is.</summary>
    /// <param name="part"><c>.Property</c> or <c>[index]</c>.</param>
    /// <returns>The same exception.</returns>
    public ValueFaultException Within(string part)
    {
        _path.Add(part);
        return this;
    }
}
