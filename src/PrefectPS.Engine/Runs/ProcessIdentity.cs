using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PrefectPS.Runs;

/// <summary>Identity of a process that survives PID reuse: host, PID, start time.</summary>
/// <param name="Host">The host. Each container and each boot counts as another host.</param>
/// <param name="ProcessId">The PID.</param>
/// <param name="Started">Start time, in system-specific units.</param>
internal sealed record ProcessIdentity(string Host, int ProcessId, string Started)
{
    private const int StartTimeField = 22; // in /proc/<id>/stat, 1-based
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string OwnNumbers = "/proc/self/ns/pid"; // a link to the PID namespace

    private static readonly Lazy<ProcessIdentity> Own = new(OfThisProcess);

    /// <summary>This process.</summary>
    public static ProcessIdentity Current => Own.Value;

    /// <summary>True if the process is known to have ended; false if it runs on another host, where that is unknown.</summary>
    public bool IsGone() => Host == Current.Host && StartOf(ProcessId) is var now && (now is null || (now.Length > 0 && now != Started));

    private static ProcessIdentity OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new(HostName(), process.Id, StartOf(process.Id) ?? string.Empty);
    }

    // Containers may share the host's name and PIDs. Without a known PID namespace, no process is ever known to be gone.
    private static string HostName()
    {
        var name = Environment.MachineName;
        if (!File.Exists(BootId))
            return name;
        try
        {
            return $"{name}/{File.ReadAllText(BootId).Trim()}/{Posix.TargetOf(OwnNumbers) ?? Guid.NewGuid().ToString("n")}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{name}/{Guid.NewGuid():n}";
        }
    }

    // Null if there is no such process; empty if its start is unknown.
    private static string? StartOf(int processId)
    {
        var stat = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat";
        try
        {
            if (File.Exists("/proc/self/stat"))
                return File.Exists(stat) ? FieldOf(File.ReadAllText(stat)) : StartOfHidden(processId);
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StartOfHidden(processId); // it has just ended, or access is denied
        }
        catch (Win32Exception)
        {
            return string.Empty;
        }
    }

    // /proc may hide processes of other users; a permission error when signalling one shows that it exists.
    private static string? StartOfHidden(int processId) => !Posix.IsHere || Posix.FindProcess(processId) is 0 or Posix.NotPermitted ? string.Empty : null;

    // The name, in parentheses, may contain anything; a zombie has ended.
    private static string? FieldOf(string stat)
    {
        var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[StartTimeField - 3];
    }
}
