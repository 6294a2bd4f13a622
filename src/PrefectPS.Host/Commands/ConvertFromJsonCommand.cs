using System.Management.Automation;
using PrefectPS.Host.Commands.Json;

namespace PrefectPS.Host.Commands;

/// <summary>Reads JSON text into objects. Lines from the pipeline are one text, unless the first is a JSON value by itself.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
[OutputType(typeof(PSObject), typeof(OrderedHashtable))]
internal sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        var reader = new JsonObjectReader(AsHashtable, Depth);
        try
        {
            if (_lines.Count > 1 && reader.TryRead(_lines[0], out var first))
            {
                WriteObject(first, enumerateCollection: !NoEnumerate);
                foreach (var line in _lines.Skip(1))
                    Convert(reader, line);
            }
            else
            {
                Convert(reader, string.Join('\n', _lines));
            }
        }
        catch (JsonConversionException exception)
        {
            ThrowTerminatingError(new ErrorRecord(exception, "InvalidJson", ErrorCategory.InvalidArgument, targetObject: null));
        }
    }

    private void Convert(JsonObjectReader reader, string text)
    {
        if (!string.IsNullOrWhiteSpace(text))
            WriteObject(reader.Read(text), enumerateCollection: !NoEnumerate);
    }
}
