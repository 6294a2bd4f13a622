using System.Text;

namespace PrefectPS.Host.Commands.Content;

/// <summary>A file being written anew. With force a read-only one is written too, and is read-only again afterwards.</summary>
internal sealed class ContentTarget : IDisposable
{
    private readonly FileStream _stream;
    private readonly StreamWriter _writer;
    private readonly bool _isReadOnlyAgain;

    private ContentTarget(string file, FileStream stream, Encoding encoding, bool isReadOnlyAgain)
    {
        File = file;
        _stream = stream;
        _writer = new StreamWriter(stream, encoding);
        _isReadOnlyAgain = isReadOnlyAgain;
    }

    public string File { get; }

    public static ContentTarget Open(string file, Encoding encoding, bool force)
    {
        var info = new FileInfo(file);
        var isUnlocked = force && info is { Exists: true, IsReadOnly: true };
        if (isUnlocked)
            info.IsReadOnly = false;
        return new ContentTarget(file, new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read), encoding, isUnlocked);
    }

    public void WriteText(string text, bool noNewline)
    {
        if (noNewline)
            _writer.Write(text);
        else
            _writer.WriteLine(text);
    }

    public void WriteByte(byte octet) => _stream.WriteByte(octet);

    /// <summary>Writes what is left. When it cannot be written that is an error, and the file is closed all the same.</summary>
    public void Close()
    {
        _writer.Dispose();
        if (_isReadOnlyAgain)
            _ = new FileInfo(File) { IsReadOnly = true };
    }

    /// <summary>Closes the file, whether or not the rest can be written.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (IOException)
        {
            _stream.Dispose();
        }
    }
}
