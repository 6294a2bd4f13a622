namespace PrefectPS.Flows;

/// <summary>Validates the payload of an event against a body's parameters, independent of the body's language.</summary>
public interface IPayloadCheck
{
    /// <summary>The parameters as form fields, in order.</summary>
    IReadOnlyList<PayloadField> Fields { get; }

    /// <summary>Faults of a payload; empty if it is valid.</summary>
    /// <param name="payload">Values for parameters of the body, by name.</param>
    IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload);
}
