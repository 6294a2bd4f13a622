using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PrefectPS.Runs;

/// <summary>Names a process so that no other one, then or later, is taken for it: a machine, an id, and when it was started.</summary>
/// <param name="Host">The machine; of a container or after a restart another one.</param>
/// <param name="ProcessId">The process's id there.</param>
/// <param name="Started">When it was started, in whatever the system counts it.</param>
internal sealed record ProcessMark(string Host, int ProcessId, string Started)
{
    private const int StartTimeField = 22; // in /proc/<id>/stat, counted from 1
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    private static readonly Lazy<ProcessMark> Own = new(OfThisProcess);

    /// <summary>This process.</summary>
    public static ProcessMark Current => Own.Value;

    /// <summary>Whether it is known to have ended. Of a process on another machine nothing is known.</summary>
    public bool IsGone() => Host == Current.Host && StartOf(ProcessId) is var now && (now is null || (now.Length > 0 && now != Started));

    private static ProcessMark OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new(HostName(), process.Id, StartOf(process.Id) ?? string.Empty);
    }

    // Containers may share a machine's name and number their processes alike.
    private static string HostName()
    {
        var name = Environment.MachineName;
        if (!File.Exists(BootId))
            return name;
        try
        {
#if NETSTANDARD
            return $"{name}/{File.ReadAllText(BootId).Trim()}";
#else
            return $"{name}/{File.ReadAllText(BootId).Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}";
#endif
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }

    // Null where there is no such process.
    private static string? StartOf(int processId)
    {
        var stat = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat";
        try
        {
            if (File.Exists("/proc/self/stat"))
                return File.Exists(stat) ? FieldOf(File.ReadAllText(stat)) : null;
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null; // it has ended
        }
        catch (Exception e) when (e is Win32Exception or UnauthorizedAccessException)
        {
            return string.Empty; // there is one, of which no more can be known
        }
    }

    // The name, in brackets, may hold anything; a zombie is a process that has ended.
    private static string? FieldOf(string stat)
    {
        var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[StartTimeField - 3];
    }
}
