using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>What a lease says.</summary>
/// <param name="Holder">Who holds it: a text that nobody else has.</param>
/// <param name="Process">The process that the holder is in.</param>
/// <param name="Duration">For how long it holds after it was written.</param>
/// <param name="Renewals">How often it has been renewed.</param>
internal sealed record LeaseContent(string Holder, ProcessMark Process, TimeSpan Duration, int Renewals)
{
    private const string HolderKey = "holder";
    private const string HostKey = "host";
    private const string ProcessKey = "process";
    private const string ProcessStartedKey = "processStarted";
    private const string SecondsKey = "seconds";
    private const string RenewalsKey = "renewals";

    /// <summary>It as JSON.</summary>
    public byte[] ToBytes() => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(HolderKey, Holder);
        json.WriteString(HostKey, Process.Host);
        json.WriteNumber(ProcessKey, Process.ProcessId);
        json.WriteString(ProcessStartedKey, Process.Started);
        json.WriteNumber(SecondsKey, Duration.TotalSeconds);
        json.WriteNumber(RenewalsKey, Renewals);
        json.WriteEndObject();
    });

    /// <summary>Reads it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: it is no lease.</exception>
    public static LeaseContent Read(byte[] content) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        var (holder, host, started) = (string.Empty, string.Empty, string.Empty);
        var (process, renewals) = (0, 0);
        var duration = TimeSpan.Zero;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case HolderKey:
                    holder = JsonTokens.String(ref json);
                    break;
                case HostKey:
                    host = JsonTokens.String(ref json);
                    break;
                case ProcessKey:
                    process = JsonTokens.Integer(ref json, min: 0);
                    break;
                case ProcessStartedKey:
                    started = JsonTokens.String(ref json);
                    break;
                case SecondsKey:
                    duration = TimeSpan.FromSeconds(JsonTokens.Integer(ref json, min: 0));
                    break;
                case RenewalsKey:
                    renewals = JsonTokens.Integer(ref json, min: 0);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return new LeaseContent(holder, new(host, process, started), duration, renewals);
    });
}
