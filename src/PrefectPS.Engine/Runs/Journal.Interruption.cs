using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <content>Detection of the body that crashes its process: what is recorded before a body runs alone, and how an interrupted step says that it did not crash.</content>
internal sealed partial class Journal
{
    private byte[]? _takenBack; // entry that reverts a recorded start that is not settled yet
    private bool _hasStart; // a start not written yet
    private bool _isInterrupted;

    /// <summary>Adds that a body is about to run alone; written before it does, whatever the durability.</summary>
    /// <param name="write">Writes the task's state as found if the process dies with the body.</param>
    /// <param name="takeBack">Writes the task's state as found if the step is interrupted meanwhile.</param>
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
    /// Writes all pending entries of an interrupted step, and that it was interrupted rather than crashed. Best effort; called again, it writes what was
    /// added since.
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
