namespace PrefectPS.Flows;

/// <summary>Parameters that are names with defaults: none is required, and each takes any value.</summary>
public sealed class ParameterDefaults(IReadOnlyList<KeyValuePair<string, object?>> defaults) : IParameterSet
{
    /// <summary>No parameters.</summary>
    public static readonly IParameterSet None = new ParameterDefaults([]);

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = [.. defaults.Select(parameter => parameter.Key)];

    /// <summary>The names alone: a default may be the time of day, and a run that has started does not need it.</summary>
    public string Source => string.Join("\n", Names);

    /// <inheritdoc/>
    public IReadOnlyList<PayloadField> Fields => [.. Names.Select(name => new PayloadField(name, PayloadFieldKind.Text))];

    /// <inheritdoc/>
    public string? NameOf(string given) => Names.FirstOrDefault(name => string.Equals(name, given, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IReadOnlyList<object?> Bind(IReadOnlyDictionary<string, object?> given, ICollection<ParameterFault> faults) =>
        [.. defaults.Select(parameter => given.TryGetValue(parameter.Key, out var value) ? value : parameter.Value)];

    /// <inheritdoc/>
    public object? BindAlone(string name, object? value, ICollection<ParameterFault> faults) => value;

    /// <inheritdoc/>
    public IEnumerable<string> TakersOf(string name) => [];
}
