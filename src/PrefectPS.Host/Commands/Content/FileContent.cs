using System.Text;

namespace PrefectPS.Host.Commands.Content;

/// <summary>Reads a file piece by piece, while others may still write it. A byte order mark wins over the given encoding.</summary>
internal static class FileContent
{
    private const int BufferSize = 16 * 1024;

    public static string ReadText(string file, Encoding encoding)
    {
        using var reader = OpenText(file, encoding);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> ReadLines(string file, Encoding encoding)
    {
        using var reader = OpenText(file, encoding);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    public static IEnumerable<byte> ReadBytes(string file)
    {
        using var stream = Open(file);
        var buffer = new byte[BufferSize];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            for (var index = 0; index < count; index++)
                yield return buffer[index];
        }
    }

    private static StreamReader OpenText(string file, Encoding encoding) => new(Open(file), encoding);

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
}
