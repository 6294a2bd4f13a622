namespace PrefectPS.Flows;

/// <summary>Receives what a body writes while it runs.</summary>
public interface ITaskOutput
{
    /// <summary>Path of the task or child, subflows included: <c>s/each[2]</c>.</summary>
    string Label { get; }

    /// <summary>Receives output of the body, and logs it if the run is recorded.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="text">The text.</param>
    /// <returns>The text with the body's secrets masked, safe to show.</returns>
    string Take(FlowLogSource stream, string text);
}
