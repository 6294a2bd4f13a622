namespace PrefectPS.Flows;

/// <summary>Untyped parameters with defaults: none is required, and any value is accepted.</summary>
public sealed class ParameterDefaults(IReadOnlyList<KeyValuePair<string, object?>> defaults) : IParameterSet
{
    /// <summary>No parameters.</summary>
    public static readonly IParameterSet None = new ParameterDefaults([]);

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = [.. defaults.Select(parameter => parameter.Key)];

    /// <summary>The names only: a default may be the current time, and a started run does not need it.</summary>
    public string Source => string.Join("\n", Names);

    /// <inheritdoc/>
    public IReadOnlyList<PayloadField> Fields => [.. Names.Select(name => new PayloadField(name, PayloadFieldKind.Text))];

    /// <inheritdoc/>
    public string? NameOf(string given) => Names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults) =>
        [.. defaults.Select(parameter => given.TryGetValue(parameter.Key, out var value) ? value : parameter.Value)];

    /// <inheritdoc/>
    public object? BindOne(string name, object? value, ICollection<ParameterFault> faults) => value;

    /// <inheritdoc/>
    public IEnumerable<string> DependentsOf(string name) => [];
}
