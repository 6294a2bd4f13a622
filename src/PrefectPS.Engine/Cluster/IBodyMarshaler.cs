using System.Collections;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>Marshals bodies to workers and their output back. Called on the step's thread.</summary>
public interface IBodyMarshaler
{
    /// <summary>Creates the request for a body.</summary>
    /// <exception cref="FlowException">The body cannot be sent.</exception>
    BodyRequest CreateRequest(FlowTask task, FlowContext context, TaskArguments arguments, string? place);

    /// <summary>Explains which argument or variable made a request unserializable.</summary>
    Exception Explain(BodyRequest request, FlowTask task, FlowException fault);

    /// <summary>Creates the exception of a failed body.</summary>
    /// <param name="task">The task.</param>
    /// <param name="error">The error.</param>
    /// <param name="detail">What the body's language adds to the error; null for nothing.</param>
    Exception CreateException(FlowTask task, TaskError error, Hashtable? detail);

    /// <summary>Replays the body's output to the step's streams.</summary>
    void WriteOutput(FlowTask task, FlowContext context, byte[] written);
}
