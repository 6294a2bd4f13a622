using System.Collections;
using System.Runtime.CompilerServices;
using System.Xml;

namespace PrefectPS.Flows;

/// <summary>A list, not produced by a task, that a task is mapped over: a constant or a flow parameter. Immutable.</summary>
/// <param name="Name">The body parameter that takes one element.</param>
public sealed record MapSource(string Name)
{
    // Sets and sequences have no indexer: buffer their elements once.
    private static readonly ConditionalWeakTable<IEnumerable, object?[]> Sequences = new();

    /// <summary>The flow's parameter; null for a constant.</summary>
    internal string? Parameter { get; private init; }

    /// <summary>The constant.</summary>
    internal object? Constant { get; private init; }

    /// <summary>Creates a source from a constant list, copied now.</summary>
    public static MapSource Of(string name, object? list) =>
        new(name) { Constant = list is not byte[] and IEnumerable values && (list is IList || IsSequence(values)) ? values.Cast<object?>().ToArray() : list };

    /// <summary>Creates a source from a flow parameter.</summary>
    public static MapSource OfParameter(string name, string parameter) => new(name) { Parameter = parameter };

    /// <summary>The list in a run.</summary>
    internal object? In(RunIdentity run) => Parameter is null ? Constant : run.Parameters[Parameter];

    /// <summary>
    /// The elements of a value to map over; null if it is not a list. Follows PowerShell's enumeration: strings, dictionaries, XML documents and byte
    /// arrays are one element, null is an empty list; a number is not a list.
    /// </summary>
    internal static IList? ListOf(object? value) => value switch
    {
        null => Array.Empty<object>(),
        IList list and not byte[] => list,
        ValueType => null,
        IEnumerable sequence when IsSequence(sequence) => Sequences.GetValue(sequence, elements => [.. elements.Cast<object?>()]),
        var single => new[] { single },
    };

    private static bool IsSequence(IEnumerable value) => value is not (string or byte[] or IDictionary or XmlNode)
        && !Array.Exists(value.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>));
}
