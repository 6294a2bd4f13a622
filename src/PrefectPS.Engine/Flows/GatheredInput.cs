namespace PrefectPS.Flows;

/// <summary>An input that is made of the results of several tasks: an array of them, in order.</summary>
/// <param name="Name">The parameter of the body that takes it.</param>
/// <param name="Start">The index of the first of them in <see cref="FlowTask.InputFrom"/>.</param>
/// <param name="Count">How many there are.</param>
internal sealed record GatheredInput(string Name, int Start, int Count)
{
    /// <summary>The entries of a task's inputs that such inputs are made of, and which of them each is.</summary>
    /// <param name="inputs">Parameter of the body -> tasks.</param>
    /// <param name="start">The index of the first entry.</param>
    /// <param name="entries">Takes the entries.</param>
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
