using System.Management.Automation;
using PrefectPS.Host.Commands.Content;

namespace PrefectPS.Host.Commands;

/// <summary>Replaces what files hold.</summary>
[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
internal sealed class SetContentCommand : ContentCommand, IDisposable
{
    private readonly List<ContentTarget> _targets = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void BeginProcessing()
    {
        var files = ParameterSetName is PathSet ? Path.SelectMany(ExpandOrResolve) : LiteralPath.SelectMany(Resolve);
        foreach (var file in files)
        {
            if (ShouldProcess(file, "Set Content"))
                Try(file, () => _targets.Add(ContentTarget.Open(file, AsByteStream ? EncodingNameAttribute.Utf8 : Encoding, Force)));
        }
    }

    protected override void ProcessRecord()
    {
        foreach (var item in Value ?? [])
        {
            var value = item is PSObject wrapper ? wrapper.BaseObject : item;
            if (value is not null)
                Write(value);
        }

        if (PassThru)
            WriteObject(Value, enumerateCollection: true);
    }

    protected override void EndProcessing()
    {
        foreach (var target in _targets)
            Try(target.File, target.Close);
        _targets.Clear();
    }

    public void Dispose()
    {
        // Reached with targets only when the pipeline has ended early, and said why.
        foreach (var target in _targets)
            target.Dispose();
    }

    private IEnumerable<string> ExpandOrResolve(string path) =>
        WildcardPattern.ContainsWildcardCharacters(path) ? Expand(path) : Resolve(path);

    private void Write(object value)
    {
        foreach (var target in _targets)
        {
            try
            {
                Write(target, value);
            }
            catch (Exception exception) when (exception is IOException or InvalidCastException)
            {
                ThrowTerminatingError(new ErrorRecord(exception, "GetContentWriterIOError", ErrorCategory.WriteError, target.File));
            }
        }
    }

    private void Write(ContentTarget target, object value)
    {
        if (!AsByteStream)
            target.WriteText(value.ToString() ?? "", NoNewline);
        else if (value is byte octet)
            target.WriteByte(octet);
        else
            throw new InvalidCastException($"-AsByteStream writes bytes, and '{value}' is a {value.GetType().Name}.");
    }

    private void Try(string file, Action action)
    {
        try
        {
            action();
        }
        catch (UnauthorizedAccessException exception)
        {
            WriteFileError(exception, "GetContentWriterUnauthorizedAccessError", ErrorCategory.PermissionDenied, file);
        }
        catch (IOException exception)
        {
            WriteFileError(exception, "GetContentWriterIOError", ErrorCategory.WriteError, file);
        }
    }
}
