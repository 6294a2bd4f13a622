using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PrefectPS.Runs;

/// <summary>Identity of a process that survives the reuse of its id: machine, id, and start time.</summary>
/// <param name="Host">The machine. Another container is another machine, and so is the same one after a restart.</param>
/// <param name="ProcessId">The process's id there.</param>
/// <param name="Started">When it was started, in whatever the system counts it.</param>
internal sealed record ProcessIdentity(string Host, int ProcessId, string Started)
{
    private const int StartTimeField = 22; // in /proc/<id>/stat, counted from 1
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string OwnNumbers = "/proc/self/ns/pid"; // a link whose target is the name space of process ids

    private static readonly Lazy<ProcessIdentity> Own = new(OfThisProcess);

    /// <summary>This process.</summary>
    public static ProcessIdentity Current => Own.Value;

    /// <summary>True if it is known to have ended. Of a process on another machine nothing is known.</summary>
    public bool IsGone() => Host == Current.Host && StartOf(ProcessId) is var now && (now is null || (now.Length > 0 && now != Started));

    private static ProcessIdentity OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new(HostName(), process.Id, StartOf(process.Id) ?? string.Empty);
    }

    // Containers may have the machine's name, and number their processes alike. Without a name for their numbers no process is ever known to be gone.
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

    // Null if there is no such process, empty if there is one of which no more can be known.
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
            return StartOfHidden(processId); // it ended while it was looked at, or may not be looked at
        }
        catch (Win32Exception)
        {
            return string.Empty;
        }
    }

    // /proc may hide the processes of other users; a signal that may not be sent to one says that it is there.
    private static string? StartOfHidden(int processId) => !Posix.IsHere || Posix.FindProcess(processId) is 0 or Posix.NotPermitted ? string.Empty : null;

    // The name, in brackets, may hold anything; a zombie is a process that has ended.
    private static string? FieldOf(string stat)
    {
        var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[StartTimeField - 3];
    }
}
