using System.Globalization;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A body that has begun in some process.</summary>
/// <param name="Number">What it was given.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="HasEnded">Whether it came to its end.</param>
internal sealed record LabBody(int Number, int ProcessId, bool HasEnded)
{
    /// <summary>Reads what it has noted of itself.</summary>
    public static LabBody Read(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), new FileInfo(path).Length > 0);
    }
}
