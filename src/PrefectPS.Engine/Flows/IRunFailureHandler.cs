namespace PrefectPS.Flows;

/// <summary>Handles failed runs. Follows a flow's <c>on_failure</c> in Prefect.</summary>
public interface IRunFailureHandler
{
    /// <summary>Called by the step in which the run ended Failed.</summary>
    /// <param name="run">The finished run.</param>
    /// <remarks>An exception is reported to the caller of the step; it does not change the run.</remarks>
    void HandleFailure(FlowState run);
}
