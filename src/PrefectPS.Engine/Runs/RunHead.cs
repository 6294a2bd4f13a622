using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>The object that makes a run exist: its incarnation and initial identity. Written once, when the run is created.</summary>
public sealed class RunHead
{
    /// <summary>Record version with a head; records of PrefectPS 0.1.0 had none.</summary>
    internal const int RecordVersion = 2;

    private readonly DocumentHead _head;

    private RunHead(string incarnation, string version, DocumentHead head, IReadOnlyList<string> notifies, IReadOnlyList<string> undoOn)
    {
        (Incarnation, Version, _head, Notifies) = (incarnation, version, head, notifies);
        UndoOn = [.. new[] { UndoReason.Failed, UndoReason.Stopped }.Where(reason => undoOn.Contains(reason.ToString(), StringComparer.Ordinal))];
    }

    /// <summary>Incarnation: distinguishes runs with the same id.</summary>
    public string Incarnation { get; }

    /// <summary>Version of the object in the store.</summary>
    internal string Version { get; }

    /// <summary>Reasons to notify, as names of <see cref="NotifyReason"/>.</summary>
    internal IReadOnlyList<string> Notifies { get; }

    /// <summary>Outcomes after which the run is undone automatically.</summary>
    internal IReadOnlyList<UndoReason> UndoOn { get; }

    /// <summary>The initial identity of the run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>.</exception>
    internal RunIdentity ToRun(Flow flow) => _head.ToRun(flow, RunParameters.None);

    /// <summary>Start of the run.</summary>
    internal DateTimeOffset? Started => _head.Started;

    /// <summary>Serializes the head of a run.</summary>
    internal static byte[] Write(FlowState run, string incarnation) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber(RecordKeys.Record, RecordVersion);
        json.WriteString(RecordKeys.Incarnation, incarnation);
        RequestText.WriteTexts(json, RecordKeys.Notifies, run.Flow.Notification is { } notification ? [.. notification.On.Select(reason => reason.ToString())] : null);
        RequestText.WriteTexts(json, RecordKeys.UndoOn, run.Flow.UndoOn.Count > 0 ? run.Flow.UndoOn.Select(reason => reason.ToString()) : null);
        FlowStateWriter.WriteHead(json, run, withHashes: false);
        json.WriteEndObject();
    });

    /// <summary>True if the existing run has this incarnation.</summary>
    /// <exception cref="FlowException">As for <see cref="Find"/>.</exception>
    internal static bool IsOf(RunFiles files, IncarnationFolder folder) => Find(files, folder.Run)?.Incarnation == folder.Incarnation;

    /// <summary>Reads the head of a run.</summary>
    /// <returns>The head; null if there is no such run.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>; <see cref="FlowErrorId.RunDamaged"/>, or <see cref="FlowErrorId.RecordVersion"/>: written by another
    /// version of PrefectPS.
    /// </exception>
    internal static RunHead? Find(RunFiles files, RunFolder folder, IValueAdapter? values = null)
    {
        if (files.Read(folder.Head) is not { } found)
            return files.Read(folder.OldState) is null ? null : throw FlowErrors.RecordTooOld(files.Store.Name, folder);
        try
        {
            var head = Read(found.Content, found.Version, values ?? PlainValueAdapter.Instance)
                ?? throw FlowErrors.RecordTooNew(files.Store.Name, folder, VersionOf(found.Content));
            folder.EnsureIsOf(files.Store.Name, folder.Head, head._head.FlowName, head._head.RunId);
            return head;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.RunDamaged(files.Store.Name, folder, folder.Head, e);
        }
    }

    /// <summary>Flow name and run id of the head at a path; null if none can be read.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static (string Flow, string Run)? NamesIn(RunFiles files, string path) =>
        files.Read(path) is { } found && TryRead(found)?._head is { FlowName: { } flow, RunId: { } run } ? (flow, run) : null;

    /// <summary>Version of a run's head and its incarnation, which is null if unreadable; both null if there is no head.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static (string? Version, string? Incarnation) Look(RunFiles files, RunFolder folder) =>
        files.Read(folder.Head) is { } found ? (found.Version, TryRead(found)?.Incarnation) : default;

    private static RunHead? TryRead((byte[] Content, string Version) found)
    {
        try
        {
            return Read(found.Content, found.Version, PlainValueAdapter.Instance);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            return null;
        }
    }

    // Null if it is of another version, about which nothing else is known.
    private static RunHead? Read(byte[] content, string objectVersion, IValueAdapter values) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        var head = new DocumentHead();
        string? incarnation = null;
        List<string> notifies = [], undoOn = [];
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == RecordKeys.Record && JsonTokens.Integer(ref json, min: 1) != RecordVersion)
                return null;
            if (key == RecordKeys.Incarnation)
                incarnation = JsonTokens.Name(ref json);
            else if (key == RecordKeys.Notifies)
                notifies = JsonTokens.List(ref json, "an array of names", (ref Utf8JsonReader name) => JsonTokens.Name(ref name));
            else if (key == RecordKeys.UndoOn)
                undoOn = JsonTokens.List(ref json, "an array of names", (ref Utf8JsonReader name) => JsonTokens.Name(ref name));
            else if (!head.ReadProperty(ref json, key, values))
                json.Skip();
        }

        return incarnation is null ? throw JsonTokens.Fault(ref json, "an incarnation was expected") : new RunHead(incarnation, objectVersion, head, notifies, undoOn);
    });

    private static int VersionOf(byte[] content) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == RecordKeys.Record)
                return JsonTokens.Integer(ref json, min: 1);
            json.Skip();
        }

        return 0;
    });
}
