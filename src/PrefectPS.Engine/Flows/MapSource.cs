using System.Collections;
using System.Runtime.CompilerServices;
using System.Xml;

namespace PrefectPS.Flows;

/// <summary>A list that a task is mapped over and that no task makes: a constant, or the value of a parameter of its flow. Immutable.</summary>
/// <param name="Name">The parameter of the body that takes an element.</param>
public sealed record MapSource(string Name)
{
    // A set or a sequence has no elements by number: they are gathered once.
    private static readonly ConditionalWeakTable<IEnumerable, object?[]> Sequences = new();

    /// <summary>The flow's parameter; null where the list is a constant.</summary>
    internal string? Parameter { get; private init; }

    /// <summary>The constant.</summary>
    internal object? Constant { get; private init; }

    /// <summary>A constant list, as it is now.</summary>
    public static MapSource Of(string name, object? list) =>
        new(name) { Constant = list is not byte[] and IEnumerable values && (list is IList || IsSequence(values)) ? values.Cast<object?>().ToArray() : list };

    /// <summary>The value of a parameter.</summary>
    public static MapSource OfParameter(string name, string parameter) => new(name) { Parameter = parameter };

    /// <summary>Its value in a run.</summary>
    internal object? In(RunIdentity run) => Parameter is null ? Constant : run.Parameters[Parameter];

    /// <summary>
    /// What can be mapped over of a value; null where it is no list. A list is what PowerShell takes apart: a text, a table of keys and an XML document are one
    /// object. Nothing is an empty list, and one object a list of it, as they come out of a script block, and so are bytes; a number is a number.
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
