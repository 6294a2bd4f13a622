namespace PrefectPS.Flows;

/// <summary>Decides whether a polled body's return value is accepted as the task's result.</summary>
public interface IAnswerTest
{
    /// <summary>Source text, or another text that changes whenever the test does.</summary>
    string Source { get; }

    /// <summary>True to accept the answer; false to poll again.</summary>
    /// <exception cref="FlowSignalException">The task ends in the state that the signal carries.</exception>
    /// <remarks>Any other exception makes the attempt Failed.</remarks>
    bool Accepts(FlowContext context, object? answer);
}
