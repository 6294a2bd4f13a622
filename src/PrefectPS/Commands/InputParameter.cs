using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What <c>Add-FlowTask -Map -InputFrom -MapArgument -MapParameter</c> give the parameters of a script block.</summary>
internal sealed class InputParameter
{
    private static readonly InputParameter None = new();

    /// <summary>Parameter -> the task over whose result it is mapped.</summary>
    public KeyValuePair<string, string>[] Map { get; private init; } = [];

    /// <summary>Parameter -> the task whose result it takes.</summary>
    public KeyValuePair<string, string>[] Single { get; private init; } = [];

    /// <summary>Parameter -> the tasks of whose results it takes an array.</summary>
    public KeyValuePair<string, IReadOnlyList<string>>[] Gathered { get; private init; } = [];

    /// <summary>The lists over which it is mapped besides.</summary>
    public MapSource[] Lists { get; private init; } = [];

    /// <summary>True if the task is mapped.</summary>
    public bool IsMapped => Map.Length > 0 || Lists.Length > 0;

    /// <summary>The parameters that take results of tasks, in the order of the task's arguments.</summary>
    public IEnumerable<string> TaskNames => Map.Select(i => i.Key).Concat(Single.Select(i => i.Key)).Concat(Gathered.Select(i => i.Key));

    /// <summary>Describes the options of a task.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: one names no task, or no parameter of the flow.</exception>
    public static InputParameter Resolve(string task, IDictionary map, IDictionary inputs, IDictionary lists, IDictionary parameters)
    {
        if (map.Count + inputs.Count + lists.Count + parameters.Count == 0)
            return None;
        var from = NamedValues.InOrder(inputs).ToLookup(input => IsList(input.Value));
        return new()
        {
            Map = [.. NamedValues.InOrder(map).Select(i => new KeyValuePair<string, string>(i.Key, Text(task, i, "Map", "task")))],
            Single = [.. from[false].Select(i => new KeyValuePair<string, string>(i.Key, Text(task, i, "InputFrom", "task")))],
            Gathered = [.. from[true].Select(i => new KeyValuePair<string, IReadOnlyList<string>>(i.Key, TasksOf(task, i)))],
            Lists =
            [
                .. NamedValues.InOrder(lists).Select(i => MapSource.Of(i.Key, ElementsOf(i.Value))),
                .. NamedValues.InOrder(parameters).Select(i => MapSource.OfParameter(i.Key, Text(task, i, "MapParameter", "parameter of the flow"))),
            ],
        };
    }

    /// <summary>Parameter -> a name, of each entry of an option.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: one is no name.</exception>
    public static IEnumerable<KeyValuePair<string, string>> NamesIn(string task, IDictionary given, string option, string what) =>
        NamedValues.InOrder(given).Select(i => new KeyValuePair<string, string>(i.Key, Text(task, i, option, what)));

    private static string[] TasksOf(string task, KeyValuePair<string, object?> input)
    {
        string[] tasks = [.. ((IList)input.Value!).Cast<object?>().Select(one => Text(task, new(input.Key, one), "InputFrom", "task"))];
        return tasks.Length > 0 ? tasks : throw FlowErrors.TaskInvalid(task, $"-InputFrom gives the parameter '{input.Key}' no task");
    }

    private static string Text(string task, KeyValuePair<string, object?> given, string option, string what)
    {
        var fault = $"-{option} gives the parameter '{given.Key}'";
        var value = PowerShellValues.Instance.Unwrap(given.Value);
        var name = value is FlowTask upstream ? upstream.ToString() : PlainText.Of(value);
        if (IsList(value))
            throw FlowErrors.TaskInvalid(task, $"{fault} a list, and takes the name of one {what}; a list of values goes with -MapArgument");
        if (value is not null && name is null)
            throw FlowErrors.TaskInvalid(task, $"{fault} {PlainText.Describe(value)}, and takes the name of a {what}; a value goes with -Argument");
        return !string.IsNullOrEmpty(name) ? name! : throw FlowErrors.TaskInvalid(task, $"{fault} no {what}");
    }

    private static bool IsList(object? value) => value is IList;

    // What is a list to PowerShell alone: the rows of a table, what an enumerator has still to give.
    private static object? ElementsOf(object? given) => given switch
    {
        IList => given,
        IEnumerator rest and not IEnumerable => Rest(rest), // a lazy sequence is both
        _ => LanguagePrimitives.GetEnumerable(given) ?? given,
    };

    private static List<object?> Rest(IEnumerator elements)
    {
        var rest = new List<object?>();
        while (elements.MoveNext())
            rest.Add(elements.Current);
        return rest;
    }
}
