using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The bytes of an object, in a file, so that a test can see how much memory the store itself takes; and their CRC32C.</summary>
internal sealed class BlobContent : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    private uint _crc = uint.MaxValue;

    public long Length { get; private set; }

    /// <summary>As the service writes it: Base64 of the four bytes, the highest first.</summary>
    public string Crc32C
    {
        get
        {
            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, ~_crc);
            return Convert.ToBase64String(bytes);
        }
    }

    public static BlobContent Of(ReadOnlySpan<byte> bytes)
    {
        var content = new BlobContent();
        content.Append(bytes);
        return content;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Length);
        Length += bytes.Length;
        foreach (var each in bytes)
            _crc = BitOperations.Crc32C(_crc, each);
    }

    public async Task CopyToAsync(Stream target, long start, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(count, buffer.Length));
            var read = await RandomAccess.ReadAsync(_file, part, start, cancellationToken);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            (start, count) = (start + read, count - read);
        }
    }

    public void Dispose() => _file.Dispose();
}
