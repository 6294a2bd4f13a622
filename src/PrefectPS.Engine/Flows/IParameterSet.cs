namespace PrefectPS.Flows;

/// <summary>The parameters that a flow declares, independent of the language they are declared in.</summary>
public interface IParameterSet
{
    /// <summary>The parameters as form fields, in order.</summary>
    IReadOnlyList<PayloadField> Fields { get; }

    /// <summary>Parameter names in the order of declaration, distinct regardless of case.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Source text of the declaration, or another text that changes whenever the declaration does.</summary>
    string Source { get; }

    /// <summary>Resolves a name or alias to the parameter's name; null if there is none.</summary>
    string? NameOf(string given);

    /// <summary>Converts and validates the given values, and adds defaults for the others. Never prompts.</summary>
    /// <param name="given">Given values by name, case-insensitive.</param>
    /// <param name="faults">Receives all faults.</param>
    /// <returns>Values of all parameters in the order of <see cref="Names"/>; none if any is at fault.</returns>
    IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults);

    /// <summary>Converts and validates the value of one parameter, as <see cref="Bind"/> does.</summary>
    /// <param name="name">The parameter's name, case-insensitive.</param>
    /// <param name="value">The given value.</param>
    /// <param name="faults">Receives the faults.</param>
    object? BindOne(string name, object? value, ICollection<ParameterFault> faults);

    /// <summary>Names of the parameters whose defaults are computed from the value of another one.</summary>
    /// <param name="name">Name of the other parameter, case-insensitive.</param>
    IEnumerable<string> DependentsOf(string name);
}
