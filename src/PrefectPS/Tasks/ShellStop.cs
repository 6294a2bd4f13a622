using System.Management.Automation;
using PrefectPS.Processes;

namespace PrefectPS.Tasks;

/// <summary>Stops a PowerShell instance like Ctrl+C, including the programs that it waits for and their children.</summary>
internal static class ShellStop
{
    /// <summary>Stops it, and waits until it has ended.</summary>
    /// <param name="shell">The PowerShell.</param>
    /// <param name="thread">The thread that it runs on, as <see cref="ProcessTable.CurrentThread"/> has it.</param>
    public static void Run(PowerShell shell, string? thread)
    {
        var programs = BodyProcesses.Note(thread);
        if (programs.IsEmpty)
        {
            StopShell(shell);
            return;
        }

        var stop = new Thread(() => StopShell(shell)) { IsBackground = true };
        stop.Start();
        programs.EndDescendants(stop);
        stop.Join();
    }

    private static void StopShell(PowerShell shell)
    {
        try
        {
            shell.Stop();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself meanwhile, and its runspace is closed.
        }
    }
}
