using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <content>How it is known which body ends its process: what is written before a body that runs alone, and where the step is interrupted and says so.</content>
internal sealed partial class Journal
{
    private byte[]? _takenBack; // the entry by which a start that is not settled yet did not happen
    private bool _hasStart; // one that is not on record yet
    private bool _isInterrupted;

    /// <summary>Takes down that a body is about to run alone, which is written before it does, however durable the step is.</summary>
    /// <param name="write">Writes the task's state as it is to be found where the process ends with the body.</param>
    /// <param name="takeBack">Writes the one as it is to be found where the step is interrupted meanwhile.</param>
    public void AddStart(Action<Utf8JsonWriter> write, Action<Utf8JsonWriter> takeBack)
    {
        lock (_adding)
        {
            AddEntry(write);
            _takenBack = JsonStyle.ToBytes(takeBack);
            _hasStart = true;
        }
    }

    /// <summary>
    /// Writes what has been taken down by a step that is being interrupted, and that it is: it did not crash. Whether that can be written is of less interest than
    /// what interrupts it. Called again, it writes what has been taken down since.
    /// </summary>
    public void TryInterrupt()
    {
        try
        {
            lock (_writing)
            {
                if (_isWriting || Opening is null || _isClosed || (_isInterrupted && !HasPending && _unconfirmed is null))
                    return;
                TakeStartBack();
                _isInterrupted = true;
                Write();
            }
        }
        catch (FlowException)
        {
        }
    }

    private void TakeStartBack()
    {
        lock (_adding)
        {
            if (_takenBack is { } entry)
                _entries.Next().WriteRawValue(entry, skipInputValidation: true);
            _takenBack = null;
        }
    }
}
