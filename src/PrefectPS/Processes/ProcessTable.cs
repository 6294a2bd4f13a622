using System.Diagnostics;
using System.Globalization;
#if NETSTANDARD
using System.Runtime.InteropServices;
#endif

namespace PrefectPS.Processes;

/// <summary>The processes of this machine. Of Linux and Windows; elsewhere there are none.</summary>
internal static class ProcessTable
{
    private const int StateField = 0; // of those behind the name
    private const int ParentField = 1;
    private const int StartField = 19;

    /// <summary>All that can be seen.</summary>
    public static IReadOnlyList<ProcessEntry> Read() =>
#if NETSTANDARD
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? ReadProc()
        : RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? WindowsProcesses.Read()
        : [];
#else
        OperatingSystem.IsLinux() ? ReadProc()
        : OperatingSystem.IsWindows() ? WindowsProcesses.Read()
        : [];
#endif

    /// <summary>The processes that a thread of this one started; null where the system does not say.</summary>
    public static HashSet<int>? ChildrenOf(string? thread)
    {
        try
        {
            return thread is null ? null
                : [.. File.ReadAllText($"/proc/{thread}/children").Split([' '], StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null; // a kernel that is built without it
        }
    }

    /// <summary>What the system calls the thread that this runs on: of Linux, its folder below /proc; null elsewhere.</summary>
    public static string? CurrentThread()
    {
#if NETSTANDARD
        return null;
#else
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo("/proc/thread-self").LinkTarget : null;
        }
        catch (IOException)
        {
            return null;
        }
#endif
    }

    /// <summary>Ends a process, where it is still that one.</summary>
    public static void End(ProcessEntry entry)
    {
        // By now its parent may be another one: that of orphans.
        if (!Read().Any(now => now.Id == entry.Id && now.Start == entry.Start && !now.HasEnded))
            return;
        try
        {
            using var process = Process.GetProcessById(entry.Id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself, or is not ours to end.
        }
    }

    private static List<ProcessEntry> ReadProc()
    {
        var found = new List<ProcessEntry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ReadStat(id) is { } entry)
                found.Add(entry);
        }

        return found;
    }

    private static ProcessEntry? ReadStat(int id)
    {
        try
        {
            // The name stands in parentheses and may have any in it.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text.Substring(text.LastIndexOf(')') + 2).Split(' ');
            return new(
                id, int.Parse(fields[ParentField], CultureInfo.InvariantCulture), long.Parse(fields[StartField], CultureInfo.InvariantCulture), fields[StateField] is "Z" or "X");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile
        }
    }
}
