using System.Globalization;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A started body.</summary>
/// <param name="Number">Its number.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="HasEnded">Whether it ended.</param>
internal sealed record LabBody(int Number, int ProcessId, bool HasEnded)
{
    /// <summary>Parses its note.</summary>
    public static LabBody Read(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), new FileInfo(path).Length > 0);
    }
}
