using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>Add-FlowTask -CacheFor -CacheValidator -CacheKey</c>.</summary>
internal static class CacheParameter
{
    private const string DurationOnly = "DurationOnly";
    private const string AllInputs = "AllInputs";
    private const string AllParameters = "AllParameters";
    private const string NeverUse = "NeverUse";
    private const string Inputs = "Inputs";
    private const string Parameters = "Parameters";

    /// <summary>All names, as a script would write them.</summary>
    public static IEnumerable<string> Names { get; } = [AllInputs, AllParameters, DurationOnly, NeverUse];

    /// <summary>The policy; null if the task is not cached.</summary>
    /// <param name="task">The task's name, for the error.</param>
    /// <param name="duration">For how long; null for not at all.</param>
    /// <param name="validator">A name, Prefect's or ours, a table of the names of inputs and parameters, or null for the default.</param>
    /// <param name="key">The name under which tasks share results; null for none.</param>
    /// <param name="inputs">All parameters that the task's body takes.</param>
    /// <param name="parameters">All parameters of the flow.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>.</exception>
    public static CachePolicy? Resolve(
        string task, TimeSpan? duration, object? validator, string? key, IReadOnlyList<string> inputs, IReadOnlyList<string> parameters)
    {
        if (duration is not { } time)
        {
            return validator is null && key is null
                ? null
                : throw FlowErrors.TaskInvalid(task, "-CacheValidator and -CacheKey need -CacheFor, which says for how long");
        }

        var policy = new CachePolicy(time) { Key = key, Validator = DurationOnly };
        return PowerShellValues.Instance.Unwrap(validator) switch
        {
            null => policy,
            IDictionary chosen => Choose(task, policy, chosen),
            string name when Is(name, DurationOnly) => policy,
            string name when Is(name, AllInputs) => policy with { Inputs = inputs, Validator = AllInputs },
            string name when Is(name, AllParameters) => policy with { Parameters = parameters, Validator = AllParameters },
            string name when Is(name, NeverUse) => policy with { IsUsed = false, Validator = NeverUse },
            var other => throw Unknown(task, other),
        };
    }

    private static CachePolicy Choose(string task, CachePolicy policy, IDictionary chosen)
    {
        var parts = new List<string>();
        foreach (var part in NamedValues.InOrder(chosen))
        {
            if (!LanguagePrimitives.TryConvertTo<string[]>(part.Value, out var names) || names is null)
                throw Unknown(task, part.Key);
            policy = Is(part.Key, Inputs) ? policy with { Inputs = names }
                : Is(part.Key, Parameters) ? policy with { Parameters = names }
                : throw Unknown(task, part.Key);
            parts.Add($"{part.Key} = {string.Join(", ", names)}");
        }

        return policy with { Validator = string.Join("; ", parts) };
    }

    private static FlowException Unknown(string task, object? given) => FlowErrors.TaskInvalid(
        task, $"'{given}' is not a cache validator; one is {string.Join(", ", Names)}, or a hashtable of names: @{{ {Inputs} = …; {Parameters} = … }}");

    private static bool Is(string name, string other) => string.Equals(name.Replace("_", string.Empty), other, StringComparison.OrdinalIgnoreCase);
}
