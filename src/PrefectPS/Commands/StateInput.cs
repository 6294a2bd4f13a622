using System.Collections;
using System.Management.Automation;
using System.Text;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Gathers what comes down a pipeline into one document: lines of text, bytes, objects made of JSON, or task states.</summary>
internal sealed class StateInput
{
    private readonly List<string> _lines = [];
    private readonly List<byte> _bytes = [];
    private readonly List<object> _objects = [];
    private bool _isCut;

    /// <summary>The task states that came.</summary>
    public List<FlowTaskState> TaskStates { get; } = [];

    /// <summary>What is to be said of the document that was made of what came.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The message that the document came in; null where it came otherwise.</summary>
    public FlowMessage? Message { get; private set; }

    /// <summary>Takes one object from the pipeline; an array counts as its elements.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: it is of another kind than what came before.</exception>
    public void Add(object? item)
    {
        switch (PowerShellValues.Instance.Unwrap(item))
        {
            case null:
                return;
            case ICollection<byte> { Count: 0 }:
                _isCut = true;
                break;
            case string text:
                _lines.Add(text);
                break;
            case byte[] bytes:
                _bytes.AddRange(bytes);
                break;
            case FileInfo file:
                _bytes.AddRange(StateFile.Read(file.FullName));
                break;
            case DirectoryInfo folder:
                throw ModuleErrors.StateFileIsFolder(folder.FullName, FlowErrorId.StateInvalid);
            case byte single:
                _bytes.Add(single);
                break;
            case FlowMessage message:
                Message = message;
                _bytes.AddRange(message.Content.Document);
                break;
            case FlowTaskState state:
                TaskStates.Add(state);
                break;
            case FlowState run:
                TaskStates.AddRange(run.Tasks);
                break;
            case object[] items:
                foreach (var each in items)
                    Add(each);
                break;
            case { } other:
                _objects.Add(other);
                break;
        }

        CheckOneKind();
    }

    /// <summary>The document, UTF-8; null where nothing came, or nothing but white space.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: what came has no length.</exception>
    public byte[]? ToDocument()
    {
        if (_bytes.Count > 0)
            return [.. _bytes];
        if (_objects.Count > 0)
            return ToJson();
        var text = string.Join("\n", _lines);
        if (text.Length == 0 && (_lines.Count > 0 || _isCut))
            throw FlowErrors.StateEmpty();
        return string.IsNullOrWhiteSpace(text) ? null : Encoding.UTF8.GetBytes(text);
    }

    // One object is the document itself or what it came in, or the only pair of an array that the pipeline took apart; several are the array.
    private byte[] ToJson()
    {
        var document = _objects.Count == 1 && !IsPair(_objects[0]) ? _objects[0] : _objects;
        var json = new PlainJson(PowerShellValues.Instance);
        var content = json.Write(document);
        if (json.Dates.Count > 0)
            Warnings.Add(ModuleTexts.TextsBecameDates(json.Dates));
        return content;
    }

    private static bool IsPair(object item) => !Has(item, DocumentKeys.Tasks) && (Has(item, DocumentKeys.Task) || Has(item, DocumentKeys.Slug));

    private static bool Has(object item, string name) => item is IDictionary map ? map.Contains(name) : PSObject.AsPSObject(item).Properties[name] is not null;

    private void CheckOneKind()
    {
        string[] kinds =
        [
            .. new[]
            {
                (_lines.Count, "text"), (_bytes.Count, "bytes"), (_objects.Count, "objects"), (TaskStates.Count, "task states"),
            }.Where(kind => kind.Item1 > 0).Select(kind => kind.Item2),
        ];
        if (kinds.Length > 1)
            throw ModuleErrors.MixedInput(kinds[0], kinds[1]);
    }
}
