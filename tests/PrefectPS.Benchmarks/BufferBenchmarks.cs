using System.Buffers;
using System.Text.Json;
using Microsoft.IO;
using PrefectPS.Results;

namespace PrefectPS.Benchmarks;

/// <summary>ContentBuffer, between a result's serializer and its store, against RecyclableMemoryStream.</summary>
internal static class BufferBenchmarks
{
    private const string Library = "RecyclableMemoryStream";

    private static readonly RecyclableMemoryStreamManager Pool = new(new()
    {
        AggressiveBufferReturn = true,
        MaximumSmallPoolFreeBytes = 16 * 1024 * 1024,
        MaximumLargePoolFreeBytes = 16 * 1024 * 1024,
    });

    private static readonly byte[] Read = new byte[80 * 1024];

    public static IEnumerable<Measurement> Run() =>
    [
        .. Compare("10 rows", 1_000, json => WriteRows(json, 10)),
        .. Compare("10,000 rows", 10, json => WriteRows(json, 10_000)),
        .. Compare("a text of 30 MB", 1, json => json.WriteStringValue(LongText.Value)),
    ];

    private static IEnumerable<Measurement> Compare(string what, int count, Action<Utf8JsonWriter> write)
    {
        void Ours() => Repeat(count, () => new ContentBuffer(), write);
        void Theirs() => Repeat(count, () => Pool.GetStream(), write);
        var baseline = Measurement.Time(Theirs);
        var time = Measurement.Time(Ours);
        yield return new($"{what} as JSON, written and read, {Library}", baseline.TotalMicroseconds / count, "us");
        yield return new($"{what} as JSON, written and read", time.TotalMicroseconds / count, "us", time / baseline);
        yield return new($"the same, allocated, {Library}", Measurement.AllocatedBytes(Theirs) / (double)count, "bytes");
        yield return new("the same, allocated", Measurement.AllocatedBytes(Ours) / (double)count, "bytes");
    }

    private static void Repeat(int count, Func<Stream> make, Action<Utf8JsonWriter> write)
    {
        for (var i = 0; i < count; i++)
        {
            using var stream = make();
            using (var json = JsonStyle.NewWriter((IBufferWriter<byte>)stream))
                write(json);
            stream.Position = 0;
            while (stream.Read(Read, 0, Read.Length) > 0)
            {
                // Stands in for a store's work.
            }
        }
    }

    private static void WriteRows(Utf8JsonWriter json, int count)
    {
        json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("Id", i);
            json.WriteString("Name", "row");
            json.WriteNumber("Size", i * 1.5);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static class LongText
    {
        public static readonly string Value = new('x', 30_000_000);
    }
}
