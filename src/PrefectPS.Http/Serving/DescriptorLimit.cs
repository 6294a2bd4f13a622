using System.Globalization;

namespace PrefectPS.Http.Serving;

/// <summary>The file descriptors this process has left; a server that exhausts them cannot do anything at all.</summary>
internal static class DescriptorLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenFolder = "/proc/self/fd";
    private const string LimitName = "Max open files";

    // Reserved for a step's files and connections.
    private const int Reserve = 64;

    /// <summary>Caps the number of connections.</summary>
    public static int Bound(int wanted) => Free() is { } free ? Math.Max(1, Math.Min(wanted, free - Reserve)) : wanted;

    // Null where there is no known limit.
    private static int? Free()
    {
        try
        {
            if (!File.Exists(LimitsFile))
                return null;
            var line = File.ReadLines(LimitsFile).FirstOrDefault(each => each.StartsWith(LimitName, StringComparison.Ordinal));
            var soft = line?.Substring(LimitName.Length).Split([' '], StringSplitOptions.RemoveEmptyEntries)[0];
            return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit - Directory.GetFileSystemEntries(OpenFolder).Length : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
