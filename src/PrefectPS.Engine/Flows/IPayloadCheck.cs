namespace PrefectPS.Flows;

/// <summary>Tells whether what comes with an event can be given to a body. The engine knows nothing of the language it is written in.</summary>
public interface IPayloadCheck
{
    /// <summary>The parameters that a person can be asked for, in order.</summary>
    IReadOnlyList<PayloadField> Fields { get; }

    /// <summary>What is wrong with it; empty for nothing.</summary>
    /// <param name="payload">Values for parameters of the body, by name.</param>
    IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload);
}
