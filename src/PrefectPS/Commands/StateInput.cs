using System.Collections;
using System.Management.Automation;
using System.Text;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Collects pipeline input into one document: lines of text, bytes, objects from JSON, or task states.</summary>
internal sealed class StateInput
{
    private readonly List<string> _lines = [];
    private readonly List<byte> _bytes = [];
    private readonly List<object> _objects = [];
    private bool _isCut;

    /// <summary>The collected task states.</summary>
    public List<FlowTaskState> TaskStates { get; } = [];

    /// <summary>Warnings about the collected document.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The message that contained the document; null if there was none.</summary>
    public FlowMessage? Message { get; private set; }

    /// <summary>Adds one object from the pipeline; arrays are enumerated.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: it is of another kind than the previous objects.</exception>
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

    /// <summary>The document in UTF-8; null if there was no input, or only white space.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the input is empty.</exception>
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

    // One object is the document, its envelope, or the only pair of an enumerated array; several objects are the array.
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
