using System.Diagnostics;
using System.Globalization;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What tells a process from all others, on systems that say so under /proc.</summary>
public class ProcessIdentityTests
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    // Another container has other process ids, though it has the machine's name; so has the machine after its next start.
    [Fact]
    public void The_host_is_unique_per_boot_and_container()
    {
        SkipUnlessHere();
        Assert.Equal(
            $"{Environment.MachineName}/{File.ReadAllText(BootId).Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}",
            ProcessIdentity.Current.Host);
    }

    [Fact]
    public void The_start_time_is_independent_of_the_wall_clock()
    {
        SkipUnlessHere();
        Assert.Equal(StartIn(File.ReadAllText("/proc/self/stat")), ProcessIdentity.Current.Started);
    }

    [Fact]
    public void A_zombie_process_is_gone()
    {
        SkipUnlessHere();
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            var child = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            string stat;
            do
                stat = File.ReadAllText($"/proc/{child}/stat");
            while (!stat.Contains(") Z ", StringComparison.Ordinal));

            Assert.True((ProcessIdentity.Current with { ProcessId = child, Started = StartIn(stat) }).IsGone());
            Assert.False((ProcessIdentity.Current with { ProcessId = parent.Id, Started = StartIn(File.ReadAllText($"/proc/{parent.Id}/stat")) }).IsGone());
        }
        finally
        {
            parent.Kill();
        }
    }

    private static void SkipUnlessHere() => Assert.SkipUnless(File.Exists(BootId), "The system has no /proc.");

    private static string StartIn(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
}
