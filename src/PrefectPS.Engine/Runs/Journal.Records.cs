using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <content>The content of the records.</content>
internal sealed partial class Journal
{
    private (byte[] Content, int Lines) MakeRecord(int number, bool closes, byte[] lines)
    {
        if (Opening is null && !closes && !_isBetweenSteps)
            Step = _run.Step + 1;
        byte[] entries, transitions;
        lock (_adding)
            (entries, transitions, _hasStart) = (_entries.Take(), _transitions.Take(), false);
        var history = WithStepMarkers(transitions, closes);
        var hasLines = lines.Length > JsonArrays.Empty.Length;
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber(RecordKeys.Record, number);
            json.WriteString(RecordKeys.Holder, _lease.Holder);
            json.WriteNumber(DocumentKeys.Step, Step);
            if (Opening is null || closes || _merger.NeedsReference)
                _merger.Base.Write(json);
            if (Opening is null)
                WriteOpening(json);
            if (closes)
                json.WriteBoolean(RecordKeys.Closes, true);
            if (_isInterrupted)
                json.WriteBoolean(RecordKeys.Interrupted, true);
            if (closes && ResetsAfter && _hasCancelled)
                json.WriteBoolean(RecordKeys.ResetsAfter, true);
            json.WritePropertyName(RecordKeys.History);
            json.WriteRawValue(history, skipInputValidation: true);
            json.WritePropertyName(DocumentKeys.Tasks);
            json.WriteRawValue(entries, skipInputValidation: true);
            if (closes && _cancelled.Count > 0 && _merger.Base.Included < number)
            {
                json.WritePropertyName(RecordKeys.Cancelled);
                json.WriteRawValue(_cancelled.Take(), skipInputValidation: true);
            }

            if (hasLines)
            {
                json.WritePropertyName(RecordKeys.Log);
                json.WriteRawValue(lines, skipInputValidation: true);
            }

            json.WriteEndObject();
        });
        return (content, hasLines ? lines.Length : 0);
    }

    // Manual changes outside of a step have neither beginning nor end.
    private byte[] WithStepMarkers(byte[] transitions, bool closes)
    {
        if (Step == _run.Step || (Opening is not null && !closes))
            return transitions;
        var begin = Opening is null ? StepHistoryWriter.Begin(_began - _run.Started, _budget.EndAfter(_began) - _began, _budget) : JsonArrays.Empty;
        var end = closes ? StepHistoryWriter.End(_clock.GetUtcNow() - _run.Started) : JsonArrays.Empty;
        return JsonArrays.Join([begin, transitions, end]);
    }

    // Requests that arrive before the first checkpoint need the names of the tasks.
    private void WriteOpening(Utf8JsonWriter json)
    {
        if (Resets)
            json.WriteBoolean(RecordKeys.Resets, true);
        json.WriteStartObject(RecordKeys.Opens);
        if (Last == 0)
        {
            json.WriteStartArray(DocumentKeys.Tasks);
            foreach (var task in _plan.Tasks)
            {
                json.WriteStartObject();
                StateWriter.WriteTask(json, task);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
