using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>What is known so far of a document that is being read, that of subflows inside it included.</summary>
internal sealed class ReadingProgress
{
    private readonly List<string> _warnings = [];
    private int _unsaid;
    private int _tasks;

    /// <summary>Which run a bare array is of, as one of its states says; null where none has said it.</summary>
    public DocumentHead? ArrayHead { get; private set; }

    /// <summary>What could not be matched with the flow; one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _unsaid == 0
        ? _warnings
        : [.. _warnings, $"{_unsaid.ToString(CultureInfo.InvariantCulture)} more warnings of this kind are not shown."];

    /// <summary>Whether a task was named that the flow does not have.</summary>
    public bool LostTasks { get; private set; }

    /// <summary>Takes a sentence about a task that the flow does not have.</summary>
    public void WarnOfLostTask(Func<string> sentence)
    {
        LostTasks = true;
        Warn(sentence);
    }

    /// <summary>Takes a sentence about something that could not be matched; made only where it is shown.</summary>
    public void Warn(Func<string> sentence)
    {
        if (_warnings.Count < Limits.MaxWarnings)
            _warnings.Add(sentence());
        else
            _unsaid++;
    }

    /// <summary>Begins with another document, or part of one, that is read by itself: its tasks are counted anew.</summary>
    public void BeginPart() => _tasks = 0;

    /// <summary>Reads in a state which run a bare array is of. The first state that says it counts.</summary>
    /// <exception cref="DocumentFaultException">It does not say so.</exception>
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
    /// <returns>Whether there are now more than a document may have.</returns>
    public bool CountTasks(int count = 1) => (_tasks += count) > Limits.MaxTasks;
}
