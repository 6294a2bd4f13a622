using System.Diagnostics;

namespace PrefectPS.Processes;

/// <summary>The programs that a body is running when it is stopped, and their child processes.</summary>
/// <remarks>
/// PowerShell ends the program that it waits for, but not its children: they would continue, and if they hold the program's output open, PowerShell would
/// wait for them. Processes of other bodies are not touched.
/// </remarks>
internal sealed class BodyProcesses
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<ProcessEntry, List<ProcessEntry>> _programs = [];

    private BodyProcesses()
    {
    }

    public bool IsEmpty => _programs.Count == 0;

    /// <summary>Those that run now.</summary>
    /// <param name="thread">The thread that the body runs on, as <see cref="ProcessTable.CurrentThread"/> has it.</param>
    public static BodyProcesses Note(string? thread)
    {
        var noted = new BodyProcesses();
        var own = ProcessTable.ChildrenOf(thread);
        if (own is { Count: 0 })
            return noted;
        using var self = Process.GetCurrentProcess();
        var table = ProcessTable.Read();
        foreach (var program in table.Where(entry => entry.Parent == self.Id && !entry.HasEnded && own?.Contains(entry.Id) != false))
            noted._programs[program] = DescendantsOf(program, table);
        return noted;
    }

    /// <summary>Ends the children of the programs that PowerShell ends, until PowerShell has stopped the body.</summary>
    public void EndDescendants(Thread stop)
    {
        var left = _programs.Keys.ToList();
        for (var isLast = false; left.Count > 0 && !isLast;)
        {
            isLast = stop.Join(Interval);
            var table = ProcessTable.Read();
            foreach (var program in left.Where(program => !table.Contains(program)).ToArray())
            {
                left.Remove(program);
                foreach (var descendant in _programs[program].SelectMany(entry => new[] { entry }.Concat(DescendantsOf(entry, table))).Distinct())
                    ProcessTable.End(descendant);
            }
        }
    }

    private static List<ProcessEntry> DescendantsOf(ProcessEntry process, IReadOnlyList<ProcessEntry> table)
    {
        var found = new List<ProcessEntry>();
        for (var next = new Queue<ProcessEntry>([process]); next.Count > 0;)
        {
            var parent = next.Dequeue();
            foreach (var child in table.Where(entry => entry.Parent == parent.Id && entry.Start >= parent.Start && !entry.HasEnded))
            {
                found.Add(child);
                next.Enqueue(child);
            }
        }

        return found;
    }
}
