using System.Management.Automation;
using System.Text;

namespace PrefectPS.Host.Commands.Content;

/// <summary>What Get-Content and Set-Content share: the files they are about, and errors that leave the other files alone.</summary>
internal abstract class ContentCommand : PSCmdlet
{
    protected const string PathSet = "Path";
    protected const string LiteralPathSet = "LiteralPath";

    private const string FileSystem = "FileSystem";

    [Parameter]
    [EncodingName]
    [ArgumentCompletions("ascii", "bigendianunicode", "bigendianutf32", "unicode", "utf8", "utf8BOM", "utf8NoBOM", "utf32")]
    [ValidateNotNull]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Utf8;

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>The files that a path with wildcards stands for.</summary>
    protected IEnumerable<string> Expand(string path)
    {
        try
        {
            var files = GetResolvedProviderPathFromPSPath(path, out var provider);
            return IsFileSystem(provider, path) ? files : [];
        }
        catch (ItemNotFoundException exception)
        {
            WriteError(new ErrorRecord(exception, "PathNotFound", ErrorCategory.ObjectNotFound, path));
        }
        catch (SessionStateException exception)
        {
            WriteError(exception.ErrorRecord);
        }

        return [];
    }

    /// <summary>The one file that a path stands for, there or not.</summary>
    protected IEnumerable<string> Resolve(string path)
    {
        try
        {
            var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return IsFileSystem(provider, path) ? [file] : [];
        }
        catch (SessionStateException exception)
        {
            WriteError(exception.ErrorRecord);
            return [];
        }
    }

    protected void WriteFileError(Exception exception, string id, ErrorCategory category, string file) =>
        WriteError(new ErrorRecord(exception, id, category, file));

    private bool IsFileSystem(ProviderInfo provider, string path)
    {
        if (provider.Name is FileSystem)
            return true;

        var exception = new NotSupportedException($"'{path}' is not a file: only the file system is supported here.");
        WriteError(new ErrorRecord(exception, "ProviderNotSupported", ErrorCategory.NotImplemented, path));
        return false;
    }
}
