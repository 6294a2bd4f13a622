using System.Collections;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>Turns bodies into orders, and what comes back into what it was. Called on the step's own thread.</summary>
public interface IBodyCourier
{
    /// <summary>The order for a body.</summary>
    /// <exception cref="FlowException">It cannot be sent.</exception>
    BodyOrder OrderOf(FlowTask task, FlowContext context, TaskArguments arguments, string? place);

    /// <summary>What is to be said where an order cannot be sent.</summary>
    Exception Explain(BodyOrder order, FlowTask task, FlowException fault);

    /// <summary>The exception of a body that failed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="error">The error's texts.</param>
    /// <param name="detail">What the body's language has for it besides; null for nothing.</param>
    Exception FailureOf(FlowTask task, TaskError error, Hashtable? detail);

    /// <summary>Hands on what the body has written, as its own word.</summary>
    void Deliver(FlowTask task, FlowContext context, byte[] written);
}
