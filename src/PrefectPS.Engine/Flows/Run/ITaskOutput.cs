namespace PrefectPS.Flows;

/// <summary>What is needed to hand on what a body writes while it runs.</summary>
public interface ITaskOutput
{
    /// <summary>Names the task, or the child of a mapped one, with the path of the subflow that it is in: <c>s/each[2]</c>.</summary>
    string Label { get; }

    /// <summary>Takes what the body has written: it is kept in the log of the run, where that is on record.</summary>
    /// <param name="stream">Where it was written to.</param>
    /// <param name="text">The text.</param>
    /// <returns>The text without the secrets that the body was given, which others may see.</returns>
    string Take(FlowLogSource stream, string text);
}
