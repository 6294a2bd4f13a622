namespace PrefectPS.Flows;

/// <summary>Is told of a run that has failed. Follows Prefect's <c>on_failure</c> of a flow.</summary>
public interface IRunHandler
{
    /// <summary>Called once the run has ended Failed, by the step in which it has.</summary>
    /// <param name="run">The run, of which nothing is left to run.</param>
    /// <remarks>An exception is said to whoever runs the step; the run is as it is.</remarks>
    void Failed(FlowState run);
}
