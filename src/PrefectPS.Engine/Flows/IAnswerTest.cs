namespace PrefectPS.Flows;

/// <summary>Decides whether what a task's body has returned is the task's result, or the task polls on.</summary>
public interface IAnswerTest
{
    /// <summary>Its text, or another text that changes when what it asks changes.</summary>
    string Source { get; }

    /// <summary>Whether the answer is taken.</summary>
    /// <exception cref="FlowSignalException">The task ends in the state that the signal carries.</exception>
    /// <remarks>Any other exception makes the attempt Failed.</remarks>
    bool Takes(FlowContext context, object? answer);
}
