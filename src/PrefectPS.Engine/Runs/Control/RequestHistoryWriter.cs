using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Writes a control request into a run's history, as an object among the state changes.</summary>
internal static class RequestHistoryWriter
{
    /// <summary>Writes the request.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="applied">The request.</param>
    /// <param name="time">When it was applied, relative to the run's start.</param>
    public static void Write(Utf8JsonWriter json, AppliedRequest applied, TimeSpan time)
    {
        var request = applied.Request;
        json.WriteStartObject();
        json.WriteString(RecordKeys.Kind, request.Kind.ToString());
        json.WriteNumber(DocumentKeys.Time, JsonStyle.Milliseconds(time));
        json.WriteString(DocumentKeys.State, StateOf(request).Name());
        json.WriteString(DocumentKeys.By, request.By);
        if (request.Reason is not null)
            json.WriteString(DocumentKeys.Reason, request.Reason);
        json.WriteString(DocumentKeys.Message, MessageOf(applied));
        json.WriteEndObject();
    }

    private static StateType StateOf(ControlRequest request) => request.Kind switch
    {
        RequestKind.Stop or RequestKind.Undo => StateType.Cancelled,
        RequestKind.Suspend => StateType.Paused,
        RequestKind.Resume => StateType.Pending,
        RequestKind.Event => StateType.Resume,
        RequestKind.Refuse => StateType.Paused,
        _ => request.Edit!.To,
    };

    private static string VoidText(RequestKind kind) => kind == RequestKind.Event
        ? $" (not kept: the run was over, or had {RunEvent.MaxKept} events or {RunEvent.MaxKeptLength / 1024 / 1024} MiB of them that no task had taken)"
        : " (too late: nothing changed)";

    private static string MessageOf(AppliedRequest applied)
    {
        var request = applied.Request;
        var what = request.Kind switch
        {
            RequestKind.Stop => "Stopped",
            RequestKind.Suspend => "Suspended",
            RequestKind.Resume => "Resumed",
            RequestKind.Undo => request.IsSpecial ? "Stopped and to be undone" : "To be undone",
            RequestKind.Event => $"Event '{request.Event!.Name}' sent",
            RequestKind.Refuse => $"Event '{request.Event!.Name}' refused",
            _ => applied.Tasks.Count == 0 ? "Tasks set" : $"{string.Join(", ", applied.Tasks)} set",
        };
        return $"{what} by {request.By}{(request.Reason is null ? string.Empty : $": {request.Reason}")}{(applied.IsVoid ? VoidText(request.Kind) : string.Empty)}";
    }
}
