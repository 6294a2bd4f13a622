using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Collections.Specialized;

namespace PrefectPS.Results;

/// <summary>The types that documents can represent, and their names there, such as <c>int[]</c> or <c>dictionary&lt;string,list&lt;int&gt;&gt;</c>.</summary>
/// <remarks>
/// A closed list of plain types, lists and dictionaries, arrays of them, and enums. A document never creates any other type; an enum is resolved
/// among the loaded assemblies only.
/// </remarks>
public sealed class KnownTypes
{
    /// <summary>The prefix of an enum's name.</summary>
    internal const string EnumPrefix = "enum:";

    private const int MaxNesting = 8;

    private static readonly Dictionary<string, Type> Plain = new(StringComparer.Ordinal)
    {
        ["object"] = typeof(object),
        ["string"] = typeof(string),
        ["bool"] = typeof(bool),
        ["int"] = typeof(int),
        ["hashtable"] = typeof(Hashtable),
        ["ordered"] = typeof(OrderedDictionary),
        ["arraylist"] = typeof(ArrayList),
        ["queue"] = typeof(Queue),
        ["stack"] = typeof(Stack),
    };

    private static readonly Dictionary<string, Type> Generic = new(StringComparer.Ordinal)
    {
        ["list"] = typeof(List<>),
        ["set"] = typeof(HashSet<>),
        ["sortedset"] = typeof(SortedSet<>),
        ["collection"] = typeof(Collection<>),
        ["queue"] = typeof(Queue<>),
        ["stack"] = typeof(Stack<>),
        ["dictionary"] = typeof(Dictionary<,>),
        ["sorteddictionary"] = typeof(SortedDictionary<,>),
        ["sortedlist"] = typeof(SortedList<,>),
        ["concurrentdictionary"] = typeof(ConcurrentDictionary<,>),
    };

    private static readonly Dictionary<Type, string> GenericNames;

    private readonly Dictionary<string, Type> _byName;
    private readonly Dictionary<Type, string> _names;
    private readonly ConcurrentDictionary<Type, string?> _composed = new();

    static KnownTypes()
    {
        // Added in .NET 9, on which the build for .NET 8 also runs.
        if (typeof(SortedSet<>).Assembly.GetType("System.Collections.Generic.OrderedDictionary`2") is { } ordered)
            Generic["ordereddictionary"] = ordered;
        GenericNames = Reverse(Generic);
    }

    /// <param name="more">The language's types, by name.</param>
    public KnownTypes(params IEnumerable<KeyValuePair<string, Type>> more)
    {
        _byName = new(Plain, StringComparer.Ordinal);
        TaggedScalars.AddTypes(_byName);
        foreach (var pair in more)
            _byName.Add(pair.Key, pair.Value);
        _names = Reverse(_byName);
    }

    /// <summary>The name of a type; null where documents cannot represent it.</summary>
    internal string? NameOf(Type type) => _names.TryGetValue(type, out var name) ? name : _composed.GetOrAdd(type, NewName);

    /// <summary>The type of a name; null for an unknown one. An enum that is not loaded is read as string.</summary>
    internal Type? Find(string name)
    {
        if (_byName.TryGetValue(name, out var plain))
            return plain;
        var at = 0;
        return Parse(name, ref at, 0) is { } type && at == name.Length ? type : null;
    }

    /// <summary>The plain type of this full .NET name; null where documents cannot represent it.</summary>
    public Type? FindPlain(string fullName) => _byName.Values.FirstOrDefault(type => string.Equals(type.FullName, fullName, StringComparison.Ordinal));

    private static Dictionary<Type, string> Reverse(Dictionary<string, Type> types)
    {
        var names = new Dictionary<Type, string>(types.Count);
        foreach (var pair in types)
            names.Add(pair.Value, pair.Key);
        return names;
    }

    private string? NewName(Type type)
    {
        if (type.IsEnum)
            return EnumTypes.NameOf(type) is { } name ? EnumPrefix + name : null;
        if (type.IsArray)
            return NameOf(type.GetElementType()!) is { } element ? $"{element}[{new string(',', type.GetArrayRank() - 1)}]" : null;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return NameOf(underlying) is { } of ? of + "?" : null;
        if (!type.IsGenericType || !GenericNames.TryGetValue(type.GetGenericTypeDefinition(), out var generic))
            return null;
        var arguments = Array.ConvertAll(type.GetGenericArguments(), NameOf);
        return Array.TrueForAll(arguments, argument => argument is not null) ? $"{generic}<{string.Join(",", arguments)}>" : null;
    }

    private Type? Parse(string text, ref int at, int depth)
    {
        var from = at;
        while (at < text.Length && text[at] is not ('<' or '>' or ',' or '[' or '?'))
            at++;
        var name = text.Substring(from, at - from);
        if (depth > MaxNesting)
            return null;
        var type = at < text.Length && text[at] == '<' ? ParseGeneric(name, text, ref at, depth) : PlainOrEnum(name);
        for (var suffixes = 0; type is not null && at < text.Length && text[at] is '[' or '?'; suffixes++)
            type = suffixes > MaxNesting ? null : text[at] == '?' ? NullableOf(type!, ref at) : ArrayOf(type!, text, ref at);
        return type;
    }

    private Type? PlainOrEnum(string name) =>
        _byName.TryGetValue(name, out var plain) ? plain
        : name.StartsWith(EnumPrefix, StringComparison.Ordinal) ? EnumTypes.Find(name.Substring(EnumPrefix.Length)) ?? typeof(string)
        : null;

    private Type? ParseGeneric(string name, string text, ref int at, int depth)
    {
        if (!Generic.TryGetValue(name, out var generic))
            return null;
        var arguments = new List<Type>();
        do
        {
            at++;
            if (Parse(text, ref at, depth + 1) is not { } argument)
                return null;
            arguments.Add(argument);
        }
        while (at < text.Length && text[at] == ',');
        return at < text.Length && text[at++] == '>' && arguments.Count == generic.GetGenericArguments().Length ? generic.MakeGenericType([.. arguments]) : null;
    }

    private static Type? NullableOf(Type type, ref int at)
    {
        at++;
        return type == typeof(string) ? type
            : type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : null;
    }

    private static Type? ArrayOf(Type type, string text, ref int at)
    {
        var rank = 1;
        while (++at < text.Length && text[at] == ',')
            rank++;
        return at < text.Length && text[at++] == ']' && rank <= MaxNesting ? rank == 1 ? type.MakeArrayType() : type.MakeArrayType(rank) : null;
    }
}
