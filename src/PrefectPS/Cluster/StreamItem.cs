using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>An output record of a body, serialized for the way from a worker to the step.</summary>
internal static class StreamItem
{
    private const string Kind = "kind";
    private const string Text = "text";

    private static readonly JsonSerializer Json = new(PowerShellValues.Instance);

    /// <summary>A message.</summary>
    public static byte[] OfText(FlowLogSource stream, string text) => ToBytes(new(StringComparer.Ordinal) { [Kind] = stream.ToString(), [Text] = text });

    /// <summary>A variable that the body reads but that does not exist there.</summary>
    public static byte[] OfMissing(string variable) => ToBytes(new(StringComparer.Ordinal) { [Kind] = "Missing", [Text] = variable });

    public static byte[] Of(InformationRecord record)
    {
        var told = record.MessageData as HostInformationMessage;
        var table = new Hashtable(StringComparer.Ordinal)
        {
            [Kind] = told is null ? "Information" : "Host",
            [Text] = told is null ? $"{record.MessageData}" : told.Message,
            ["tags"] = record.Tags.Cast<object>().ToArray(),
            ["source"] = record.Source,
            ["noNewLine"] = told?.NoNewLine ?? false,
            ["foreground"] = (int?)told?.ForegroundColor,
            ["background"] = (int?)told?.BackgroundColor,
        };
        if (told is not null || PowerShellValues.Instance.Unwrap(record.MessageData) is string)
            return ToBytes(table);
        try
        {
            table["data"] = record.MessageData;
            return ToBytes(table);
        }
        catch (FlowException)
        {
            table.Remove("data"); // the object cannot be sent, only its text
            return ToBytes(table);
        }
    }

    public static byte[] Of(ErrorRecord record)
    {
        var table = SentError.Of(record);
        table[Kind] = "ErrorRecord";
        return ToBytes(table);
    }

    public static byte[] Of(ProgressRecord record) => ToBytes(new(StringComparer.Ordinal)
    {
        [Kind] = "Progress",
        [Text] = record.Activity,
        ["id"] = record.ActivityId,
        ["parent"] = record.ParentActivityId,
        ["status"] = record.StatusDescription,
        ["operation"] = record.CurrentOperation,
        ["percent"] = record.PercentComplete,
        ["seconds"] = record.SecondsRemaining,
        ["isDone"] = record.RecordType == ProgressRecordType.Completed,
    });

    /// <summary>Writes a record to the streams of the step's tasks.</summary>
    /// <param name="content">The record.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="task">The task.</param>
    /// <param name="progress">Receives progress records.</param>
    /// <param name="missing">Receives variables that the body reads but that do not exist there.</param>
    public static void Write(byte[] content, ITaskStreams streams, ITaskOutput? task, Action<ProgressRecord> progress, Action<string> missing)
    {
        var table = (Hashtable)Json.Read(content)!;
        var text = (string?)table[Text] ?? string.Empty;
        switch ((string)table[Kind]!)
        {
            case nameof(FlowLogSource.Warning):
                streams.Warn(task, text);
                break;
            case nameof(FlowLogSource.Verbose):
                streams.WriteVerbose(task, text);
                break;
            case nameof(FlowLogSource.Debug):
                streams.WriteDebug(task, text);
                break;
            case nameof(FlowLogSource.Error):
                streams.WriteErrorLine(task, text);
                break;
            case "Information" or "Host":
                streams.WriteInformation(task, ToInformation(table, text));
                break;
            case "ErrorRecord":
                streams.WriteError(task, SentError.ToRecord(table));
                break;
            case "Progress":
                progress(ToProgress(table, text));
                break;
            default:
                missing(text);
                break;
        }
    }

    private static InformationRecord ToInformation(Hashtable table, string text)
    {
        object data = (string)table[Kind]! == "Information" ? table["data"] ?? text : new HostInformationMessage
        {
            Message = text,
            NoNewLine = (bool)table["noNewLine"]!,
            ForegroundColor = (ConsoleColor?)(int?)table["foreground"],
            BackgroundColor = (ConsoleColor?)(int?)table["background"],
        };
        var record = new InformationRecord(data, (string?)table["source"]);
        record.Tags.AddRange(((object[])table["tags"]!).Cast<string>());
        return record;
    }

    // A record that only completes an activity has no texts, which a progress record requires; these texts are never shown.
    private static ProgressRecord ToProgress(Hashtable table, string text) =>
        new((int)table["id"]!, text.Length > 0 ? text : " ", table["status"] is string { Length: > 0 } status ? status : " ")
        {
            ParentActivityId = (int)table["parent"]!,
            CurrentOperation = (string?)table["operation"],
            PercentComplete = (int)table["percent"]!,
            SecondsRemaining = (int)table["seconds"]!,
            RecordType = (bool)table["isDone"]! ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    private static byte[] ToBytes(Hashtable table) => Json.ToBytes(table);
}
