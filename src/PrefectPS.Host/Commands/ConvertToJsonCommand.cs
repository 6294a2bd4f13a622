using System.Management.Automation;
using PrefectPS.Host.Commands.Json;

namespace PrefectPS.Host.Commands;

/// <summary>Writes objects as JSON text.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
internal sealed class ConvertToJsonCommand : PSCmdlet, IDisposable
{
    private readonly List<object?> _items = [];
    private readonly CancellationTokenSource _stopped = new();

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count == 0)
            return;

        var value = _items.Count == 1 && !AsArray ? _items[0] : _items;
        var writer = new JsonObjectWriter(Depth, EnumsAsStrings, _stopped.Token);
        WriteObject(writer.Write(value, isIndented: !Compress));
        if (writer.IsTruncated)
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
    }

    protected override void StopProcessing() => _stopped.Cancel();

    public void Dispose() => _stopped.Dispose();
}
