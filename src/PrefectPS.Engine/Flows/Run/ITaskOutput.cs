namespace PrefectPS.Flows;

/// <summary>What is needed to hand on what a body writes while it runs.</summary>
internal interface ITaskOutput
{
    /// <summary>Names the task, or the child of a mapped one, with the path of the subflow that it is in: <c>s/each[2]</c>.</summary>
    string Label { get; }

    /// <summary>A text without the secrets that the body was given.</summary>
    string Hide(string text);

    /// <summary>Keeps a line in the log of the run, where that is on record.</summary>
    /// <param name="stream">Where it was written to.</param>
    /// <param name="text">The line, without secrets.</param>
    void Log(FlowLogSource stream, string text);
}
