using System.Text;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The two parts of an upload in one request: what the object is, and its content.</summary>
internal static class MultipartBody
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    public static (byte[] Description, byte[] Content) Split(string contentType, byte[] body)
    {
        var mark = Encoding.ASCII.GetBytes($"--{contentType.Split("boundary=")[1].Trim('"')}");
        var first = PartAfter(body, body.AsSpan().IndexOf(mark), mark);
        var second = PartAfter(body, first.End, mark);
        return (body[first.Start..first.End], body[second.Start..second.End]);
    }

    private static (int Start, int End) PartAfter(byte[] body, int from, byte[] mark)
    {
        var start = from + mark.Length;
        start += body.AsSpan(start).IndexOf(HeadEnd) + HeadEnd.Length;
        return (start, start + body.AsSpan(start).IndexOf(mark) - 2);
    }
}
