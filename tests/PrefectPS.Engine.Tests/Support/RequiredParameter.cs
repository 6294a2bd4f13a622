using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A flow's one parameter, which is never given.</summary>
internal sealed class RequiredParameter(string name) : IParameterSet
{
    public IReadOnlyList<PayloadField> Fields => [];

    public IReadOnlyList<string> Names => [name];

    public string Source => name;

    public string? NameOf(string given) => Names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase));

    public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults)
    {
        faults.Add(new(name, "It is required."));
        return [];
    }

    public object? BindOne(string name, object? value, ICollection<ParameterFault> faults) => value;

    public IEnumerable<string> DependentsOf(string name) => [];
}
