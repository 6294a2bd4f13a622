using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrefectPS.Benchmarks;

/// <summary>Prints measurements as a table and, at the end, as one line of JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IEnumerable<Measurement> measurements)
    {
        var all = new List<Measurement>();
        Console.WriteLine($"{"what",-58} {"figure",10} {"unit",-13} {"ratio",7}  target");
        foreach (var m in measurements)
        {
            all.Add(m with { Value = Math.Round(m.Value, 3), Ratio = m.Ratio is { } r ? Math.Round(r, 3) : null });
            var ratio = m.Ratio?.ToString("0.00", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.Name,-58} {m.Value,10:0.00} {m.Unit,-13} {ratio,7}  {m.Target}"));
        }

        Console.WriteLine(JsonSerializer.Serialize(all, Json));
    }
}
