using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>The control requests pending for one incarnation of a run, until the holder of its lease applies them.</summary>
/// <param name="files">The store.</param>
/// <param name="folder">The incarnation.</param>
/// <param name="values">Deserializes results set by edits.</param>
internal sealed class Inbox(RunFiles files, IncarnationFolder folder, IValueAdapter values)
{
    private const string Extension = ".json";
    private readonly HashSet<string> _passedOver = new(StringComparer.Ordinal);

    /// <summary>Unique path of a request. Requests of one sender sort by time.</summary>
    public string PathOf(ControlRequest request) =>
        $"{folder.Inbox}{request.At.UtcTicks.ToString("D19", CultureInfo.InvariantCulture)}-{Storage.StorePath.Escape(request.Id)}{Extension}";

    /// <summary>Serializes a request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a result to set cannot be serialized.</exception>
    public byte[] Write(ControlRequest request) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        RequestText.Write(json, request, values);
        json.WriteEndObject();
    });

    /// <summary>Reads pending requests in path order, with one listing if there are none. Requests already recorded are deleted.</summary>
    /// <param name="known">The applied requests.</param>
    /// <param name="onRecord">The recorded ones among them: deleting a request earlier would lose it in a crash.</param>
    /// <remarks>Unreadable requests, or those of a later version, are kept and skipped.</remarks>
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

    /// <summary>Deletes applied requests; a leftover is recognized and deleted by the next reader.</summary>
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
