using System.Management.Automation;
using PrefectPS.Host.Commands.Content;

namespace PrefectPS.Host.Commands;

/// <summary>Reads files, by line, by byte or as a whole.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(byte))]
internal sealed class GetContentCommand : ContentCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, long.MaxValue)]
    public long ReadCount { get; set; } = 1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, long.MaxValue)]
    [Alias("First", "Head")]
    public long? TotalCount { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("Last")]
    public int? Tail { get; set; }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    protected override void BeginProcessing()
    {
        if (Tail is not null && TotalCount is not null)
            Refuse("-Tail and -TotalCount cannot be given together.");
        if (Raw && (Tail is not null || TotalCount is not null))
            Refuse("-Raw reads the whole file: it cannot be given with -TotalCount or -Tail.");
    }

    protected override void ProcessRecord()
    {
        var files = ParameterSetName is PathSet ? Path.SelectMany(Expand) : LiteralPath.SelectMany(Resolve);
        foreach (var file in files)
        {
            try
            {
                Read(file);
            }
            catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                WriteFileError(exception, "PathNotFound", ErrorCategory.ObjectNotFound, file);
            }
            catch (UnauthorizedAccessException exception)
            {
                WriteFileError(exception, "GetContentReaderUnauthorizedAccessError", ErrorCategory.PermissionDenied, file);
            }
            catch (IOException exception)
            {
                WriteFileError(exception, "GetContentReaderIOError", ErrorCategory.ReadError, file);
            }
        }
    }

    private void Read(string file)
    {
        if (Raw)
            WriteObject(AsByteStream ? FileContent.ReadBytes(file).ToArray() : FileContent.ReadText(file, Encoding));
        else if (AsByteStream)
            WriteBatches(FileContent.ReadBytes(file));
        else
            WriteBatches(FileContent.ReadLines(file, Encoding));
    }

    private void WriteBatches<T>(IEnumerable<T> items)
    {
        if (Tail is { } tail)
            items = items.TakeLast(tail);
        else if (TotalCount is { } total)
            items = items.Take((int)Math.Min(total, int.MaxValue));

        if (ReadCount == 1)
            WriteObject(items, enumerateCollection: true);
        else if (ReadCount == 0)
            WriteObject(items.ToArray());
        else
            WriteObject(items.Chunk((int)Math.Min(ReadCount, Array.MaxLength)), enumerateCollection: true);
    }

    private void Refuse(string message)
    {
        var exception = new PSInvalidOperationException(message);
        ThrowTerminatingError(new ErrorRecord(exception, "ParametersExclusive", ErrorCategory.InvalidArgument, targetObject: null));
    }
}
