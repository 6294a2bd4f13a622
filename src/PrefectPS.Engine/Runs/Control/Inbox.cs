using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Where control requests are left for one incarnation of a run, until whoever holds its lease applies them.</summary>
/// <param name="files">The store.</param>
/// <param name="folder">The incarnation.</param>
/// <param name="values">Puts results together that tasks are to have.</param>
internal sealed class Inbox(RunFiles files, IncarnationFolder folder, IValueAdapter values)
{
    private const string Extension = ".json";
    private readonly HashSet<string> _passedOver = new(StringComparer.Ordinal);

    /// <summary>Where a request is, which has a place of its own. Those of one sender sort by time.</summary>
    public string PathOf(ControlRequest request) =>
        $"{folder.Inbox}{request.At.UtcTicks.ToString("D19", CultureInfo.InvariantCulture)}-{Storage.StorePath.Escape(request.Id)}{Extension}";

    /// <summary>The content of a request's object.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a result that a task is to have cannot be written.</exception>
    public byte[] Write(ControlRequest request) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        RequestText.Write(json, request, values);
        json.WriteEndObject();
    });

    /// <summary>The requests that are still to be applied, in the order of their names: one listing where there is none. One that is on record already is deleted.</summary>
    /// <param name="known">What has been applied.</param>
    /// <param name="onRecord">What of it is on record: until then a request that is gone would be lost with the process.</param>
    /// <remarks>What cannot be read, or is of a later version, stays and is passed over.</remarks>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public IReadOnlyList<InboxRequest> Read(RunControl known, RunControl onRecord)
    {
        List<InboxRequest>? found = null;
        foreach (var entry in files.List(folder.Inbox))
        {
            if (_passedOver.Contains(entry.Path) || files.Read(entry.Path) is not { } content)
                continue;
            if (TryRead(content.Content) is not { } request)
                _passedOver.Add(entry.Path);
            else if (onRecord.Knows(request.Id))
                Delete([entry.Path]);
            else if (!known.Knows(request.Id) && found?.Exists(other => other.Request.Id == request.Id) != true)
                (found ??= []).Add(new(entry.Path, request));
        }

        return found ?? (IReadOnlyList<InboxRequest>)[];
    }

    /// <summary>Deletes requests that have been applied; one that stays is known, and is deleted by the next who looks.</summary>
    public void Delete(IEnumerable<string> paths) => files.TryDelete(paths);

    private ControlRequest? TryRead(byte[] content)
    {
        try
        {
            return RecordReader.Read(content, (ref Utf8JsonReader json) => RequestText.Read(ref json, values))?.Request;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            return null;
        }
    }
}
