using System.Diagnostics;
using System.Globalization;
#if NETSTANDARD
using System.Runtime.InteropServices;
#endif

namespace PrefectPS.Processes;

/// <summary>The processes of this machine, on Linux and Windows; empty on other systems.</summary>
internal static class ProcessTable
{
    private const int StateField = 0; // of the fields after the name
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

    /// <summary>The processes that a thread of this process started; null if the system does not tell.</summary>
    public static HashSet<int>? ChildrenOf(string? thread)
    {
        try
        {
            return thread is null ? null
                : [.. File.ReadAllText($"/proc/{thread}/children").Split([' '], StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null; // the kernel was built without it
        }
    }

    /// <summary>The current thread's folder below /proc on Linux; null on other systems.</summary>
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

    /// <summary>Ends a process, if the id still belongs to it.</summary>
    public static void End(ProcessEntry entry)
    {
        // Its parent may have changed, if it was orphaned.
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
            // The name is in parentheses and may itself contain parentheses.
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
