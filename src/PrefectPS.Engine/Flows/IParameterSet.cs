namespace PrefectPS.Flows;

/// <summary>The parameters that a flow declares. The engine knows nothing of the language they are declared in.</summary>
internal interface IParameterSet
{
    /// <summary>Their names, in the order they were declared; each is there once, whatever its case.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Their declaration's text, or another text that changes when what they are changes.</summary>
    string Source { get; }

    /// <summary>Converts and checks the values that are given, and adds the defaults of those that are not. Never asks anyone.</summary>
    /// <param name="given">Values of some of them, by name, whatever its case.</param>
    /// <param name="faults">Takes all that is wrong.</param>
    /// <returns>The values of all, in the order of <see cref="Names"/>; none where one of them is at fault.</returns>
    IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults);
}
