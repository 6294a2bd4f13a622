using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>What a lease says.</summary>
/// <param name="Holder">Who holds it: a text that nobody else has.</param>
/// <param name="Process">The process that the holder is in.</param>
/// <param name="Duration">For how long it holds after it was written.</param>
/// <param name="Renewals">How often it has been renewed.</param>
internal sealed record LeaseContent(string Holder, ProcessIdentity Process, TimeSpan Duration, int Renewals)
{
    /// <summary>True if it is held for a moment, to apply requests: a step waits for that.</summary>
    public bool Applies { get; init; }

    /// <summary>Serializes the lease.</summary>
    public byte[] ToBytes() => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(RecordKeys.Holder, Holder);
        json.WriteString(RecordKeys.Host, Process.Host);
        json.WriteNumber(RecordKeys.Process, Process.ProcessId);
        json.WriteString(RecordKeys.ProcessStarted, Process.Started);
        json.WriteNumber(RecordKeys.Seconds, Duration.TotalSeconds);
        json.WriteNumber(RecordKeys.Renewals, Renewals);
        if (Applies)
            json.WriteBoolean(RecordKeys.Applies, true);
        json.WriteEndObject();
    });

    /// <summary>Deserializes a lease.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: it is no lease.</exception>
    public static LeaseContent Read(byte[] content) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        var (holder, host, started) = (string.Empty, string.Empty, string.Empty);
        var renewals = 0;
        int? process = null, seconds = null;
        var applies = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.Holder:
                    holder = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Host:
                    host = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Process:
                    process = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.ProcessStarted:
                    started = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Seconds:
                    seconds = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Renewals:
                    renewals = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Applies:
                    applies = JsonTokens.Flag(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        // Without one of these, others would take it for theirs at once.
        if (holder.Length == 0 || host.Length == 0 || process is not { } id || seconds is not { } time)
            throw JsonTokens.Fault(ref json, "a holder with its host, process and seconds was expected");
        return new LeaseContent(holder, new(host, id, started), TimeSpan.FromSeconds(time), renewals) { Applies = applies };
    });
}
