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
    public void Its_host_is_the_machine_since_it_was_started_and_the_container()
    {
        SkipUnlessHere();
        Assert.Equal(
            $"{Environment.MachineName}/{File.ReadAllText(BootId).Trim()}/{new FileInfo("/proc/self/ns/pid").LinkTarget}",
            ProcessIdentity.Current.Host);
    }

    [Fact]
    public void Its_start_is_the_kernels_own_count_which_no_change_of_a_clock_moves()
    {
        SkipUnlessHere();
        Assert.Equal(StartIn(File.ReadAllText("/proc/self/stat")), ProcessIdentity.Current.Started);
    }

    [Fact]
    public void One_that_has_ended_is_gone_though_its_parent_has_not_asked_for_its_end()
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
