using System.Globalization;

namespace PrefectPS.Http.Serving;

/// <summary>How many more files and sockets this process may open. A server that takes connections beyond that can do nothing at all.</summary>
internal static class DescriptorLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenFolder = "/proc/self/fd";
    private const string LimitName = "Max open files";

    // For what a step opens: files of its store, connections to services.
    private const int Reserve = 64;

    /// <summary>The most connections, where so many are wanted.</summary>
    public static int Bound(int wanted) => Free() is { } free ? Math.Max(1, Math.Min(wanted, free - Reserve)) : wanted;

    // Null where the system does not say: it has no such limit, or none so low.
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
