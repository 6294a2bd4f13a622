namespace PrefectPS.Documents;

/// <summary>What is known so far of a document that is being read, that of subflows inside it included.</summary>
internal sealed class ReadingProgress
{
    private int _tasks;

    /// <summary>What could not be matched with the flow; one sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Counts a task or child.</summary>
    /// <returns>Whether there are now more than a document may have.</returns>
    public bool CountTask() => ++_tasks > DocumentLimits.MaxTasks;
}
