using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>The state of reading a document, shared with its subflows.</summary>
internal sealed class ReadingProgress
{
    private readonly List<string> _warnings = [];
    private int _unsaid;
    private int _tasks;

    /// <summary>The run of a bare array, from one of its states; null while unknown.</summary>
    public DocumentHead? ArrayHead { get; private set; }

    /// <summary>Mismatches between document and flow, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _unsaid == 0
        ? _warnings
        : [.. _warnings, $"{_unsaid.ToString(CultureInfo.InvariantCulture)} more warnings of this kind are not shown."];

    /// <summary>True if the document names a task that the flow lacks.</summary>
    public bool LostTasks { get; private set; }

    /// <summary>Warns of a task that the flow lacks.</summary>
    public void WarnOfLostTask(Func<string> sentence)
    {
        LostTasks = true;
        Warn(sentence);
    }

    /// <summary>Adds a warning; the sentence is built only if it will be shown.</summary>
    public void Warn(Func<string> sentence)
    {
        if (_warnings.Count < Limits.MaxWarnings)
            _warnings.Add(sentence());
        else
            _unsaid++;
    }

    /// <summary>Starts another document or part: its tasks are counted from zero.</summary>
    public void BeginPart() => _tasks = 0;

    /// <summary>Reads a bare array's run from a state; the first one counts.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public void ReadArrayHead(ref Utf8JsonReader json, IValueAdapter values)
    {
        if (ArrayHead is not null)
        {
            json.Skip();
            return;
        }

        ArrayHead = new() { IsOfArray = true };
        ArrayHead.ReadRun(ref json, values);
    }

    /// <summary>Counts tasks or children.</summary>
    /// <returns>Whether the document exceeds the limit.</returns>
    public bool CountTasks(int count = 1) => (_tasks += count) > Limits.MaxTasks;
}
