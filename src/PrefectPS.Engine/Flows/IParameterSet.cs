namespace PrefectPS.Flows;

/// <summary>The parameters that a flow declares. The engine knows nothing of the language they are declared in.</summary>
public interface IParameterSet
{
    /// <summary>The parameters as a person is asked for them, in order.</summary>
    IReadOnlyList<PayloadField> Fields { get; }

    /// <summary>Their names, in the order they were declared; each is there once, whatever its case.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Their declaration's text, or another text that changes when what they are changes.</summary>
    string Source { get; }

    /// <summary>The name of the parameter that is given by a name, which may be an alias of it; null where there is none.</summary>
    string? NameOf(string given);

    /// <summary>Converts and checks the values that are given, and adds the defaults of those that are not. Never asks anyone.</summary>
    /// <param name="given">Values of some of them, by name, whatever its case.</param>
    /// <param name="faults">Takes all that is wrong.</param>
    /// <returns>The values of all, in the order of <see cref="Names"/>; none where one of them is at fault.</returns>
    IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults);

    /// <summary>Converts and checks the value of one of them, as <see cref="Bind"/> does.</summary>
    /// <param name="name">Its name, whatever its case.</param>
    /// <param name="value">What is given.</param>
    /// <param name="faults">Takes what is wrong.</param>
    object? BindAlone(string name, object? value, ICollection<ParameterFault> faults);

    /// <summary>The names of those whose defaults are made of the value of another one.</summary>
    /// <param name="name">The name of the other one, whatever its case.</param>
    IEnumerable<string> TakersOf(string name);
}
