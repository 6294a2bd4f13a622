namespace PrefectPS.Flows;

/// <summary>An input that gathers the results of several tasks in an array, in order.</summary>
/// <param name="Name">The body parameter.</param>
/// <param name="Start">Index of the first task in <see cref="FlowTask.InputFrom"/>.</param>
/// <param name="Count">Number of tasks.</param>
internal sealed record GatheredInput(string Name, int Start, int Count)
{
    /// <summary>Appends the entries of gathered inputs, and returns where each input's entries are.</summary>
    /// <param name="inputs">Body parameter -> tasks.</param>
    /// <param name="start">Index of the first entry.</param>
    /// <param name="entries">Receives the entries.</param>
    public static GatheredInput[] From(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> inputs, int start, List<KeyValuePair<string, string>> entries)
    {
        var gathered = new GatheredInput[inputs.Count];
        for (var i = 0; i < gathered.Length; i++)
        {
            gathered[i] = new(inputs[i].Key, start + entries.Count, inputs[i].Value.Count);
            entries.AddRange(inputs[i].Value.Select(task => new KeyValuePair<string, string>(inputs[i].Key, task)));
        }

        return gathered;
    }
}
