using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>Content of a lease.</summary>
/// <param name="Holder">Unique id of the holder.</param>
/// <param name="Process">Process of the holder.</param>
/// <param name="Duration">Duration from its last write.</param>
/// <param name="Renewals">Number of renewals.</param>
internal sealed record LeaseContent(string Holder, ProcessIdentity Process, TimeSpan Duration, int Renewals)
{
    /// <summary>True if the lease is held briefly to apply requests, which steps wait for.</summary>
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
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the content is not a lease.</exception>
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

        // Without one of these, others would take the lease for their own at once.
        if (holder.Length == 0 || host.Length == 0 || process is not { } id || seconds is not { } time)
            throw JsonTokens.Fault(ref json, "a holder with its host, process and seconds was expected");
        return new LeaseContent(holder, new(host, id, started), TimeSpan.FromSeconds(time), renewals) { Applies = applies };
    });
}
