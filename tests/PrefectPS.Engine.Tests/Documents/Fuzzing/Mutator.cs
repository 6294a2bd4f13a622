using System.Text;

namespace PrefectPS.Engine.Tests.Documents.Fuzzing;

/// <summary>Mutates valid documents, deterministically by seed.</summary>
internal sealed class Mutator(int seed)
{
    // Inputs known to trip parsers.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "null", "true", "-0", "1e999", "-1e-999", "1e308", "NaN", "Infinity", "0123", "1.", "9223372036854775808", "2147483648", "-1", "1e5",
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\\u", "\u2028", "//x\n", "/*x*/", "\uFEFF", "\0", "\n\n\t ",
            "\"type\":\"Success\",", "\"type\":\"Mapped\",\"n_map_states\":3,", "\"slug\":\"a\",", "\"task\":{\"slug\":\"sub\"},",
                "\"state\":{\"type\":\"Submitted\",\"state\":{\"type\":\"Queued\"}},",
            "\"children\":[{\"state\":{\"type\":\"Success\"}}],", "\"context\":{\"prefectps\":{\"children\":[{\"type\":\"Pending\"}]}},", "\"tasks\":[],", "\"version\":1,",
                "\"version\":2,",
            "\"_result\":{\"type\":\"PrefectResult\",\"location\":\"[[[[\"},", "\"_result\":{\"value\":{\"$type\":\"hashtable\",\"$typekeys\":[[]],\"$typevalues\":[1]}},",
                "\"_result\":{\"value\":{\"$type\":\"bytes\",\"value\":\"!\"}},",
            "\"started\":\"9999-12-31T23:59:59Z\",", "\"started\":\"0001-01-01\",", "\"time\":[1e300,0],", "\"time\":[2147483647000,2147483647000],",
                "\"start_time\":\"2024-02-30\",", "\"hashes\":\"AAAA\",",
            "\"states\":\"a9999999b*\",", "\"states\":\"a1999999\",", "\"shapes\":[{\"type\":\"Success\"}],", "\"entries\":[{}],", "\"slugs\":[\"a\",\"a\"],",
                "\"fingerprint\":\"x\",", "\"signature\":{},",
            "{\"$type\":\"version\",\"value\":\"99999999999.1\"}", "{\"$type\":\"uri\",\"value\":\"http://[\"}", "{\"$type\":\"char\",\"value\":\"70000\"}",
                "{\"$type\":\"timespan\",\"value\":\"99999999999.00:00\"}",
            "\"cached_inputs\":{\"a\":{\"\\ud800\":1}},", "{\"message\":{\"data\":\"e30=\"}}", "{\"specversion\":1,\"data\":", "<QueueMessage>", "pfs1.", "\u001f\u008b",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x1f, 0x8b, 8],
    ];

    private readonly Random _chance = new(seed);

    /// <summary>True once in this many times, at random.</summary>
    public bool Once(int times) => _chance.Next(times) == 0;

    /// <summary>One of several.</summary>
    public T Choose<T>(IReadOnlyList<T> items) => items[_chance.Next(items.Count)];

    /// <summary>A document with some changes.</summary>
    /// <param name="document">The document.</param>
    /// <param name="other">Another, to take parts from.</param>
    public byte[] Mutate(byte[] document, byte[] other)
    {
        var bytes = new List<byte>(document);
        for (var changes = Choose([1, 1, 1, 2, 4]); changes > 0; changes--)
            Change(bytes, other);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        var at = _chance.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 + _chance.Next(_chance.Next(4) == 0 ? 200 : 8));
        switch (_chance.Next(11))
        {
            case 0:
                bytes.RemoveRange(at, length);
                break;
            case 1:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 2 or 3 or 4:
                bytes.InsertRange(at, Choose(Pieces));
                break;
            case 5 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _chance.Next(8));
                break;
            case 6 when at < bytes.Count:
                bytes[at] = (byte)_chance.Next(256);
                break;
            case 7:
                bytes.InsertRange(at, bytes.GetRange(at, length)); // twice
                break;
            case 8 when other.Length > 0:
                var from = _chance.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(length * 4, other.Length - from)).ToArray());
                break;
            case 9:
                ReplaceValue(bytes, at);
                break;
            case 10 when Once(20):
                var depth = Choose([50, 61, 63, 127, 129, 5000]);
                bytes.InsertRange(at, Enumerable.Repeat((byte)(Once(2) ? '[' : '{'), depth));
                break;
        }
    }

    // What stands between a colon and what ends it.
    private void ReplaceValue(List<byte> bytes, int at)
    {
        var start = bytes.IndexOf((byte)':', at) + 1;
        if (start == 0)
            return;
        var end = bytes.FindIndex(start, b => b is (byte)',' or (byte)'}' or (byte)']');
        bytes.RemoveRange(start, Math.Max(0, end - start));
        bytes.InsertRange(start, Choose(Pieces));
    }
}
