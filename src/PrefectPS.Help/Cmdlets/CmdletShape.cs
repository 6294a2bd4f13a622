namespace PrefectPS.Help.Cmdlets;

/// <summary>A cmdlet's declaration.</summary>
/// <param name="Verb">The name's verb.</param>
/// <param name="Noun">The name's noun.</param>
/// <param name="ParameterSets">The parameter sets, the default first.</param>
/// <param name="Parameters">The parameters, in declaration order.</param>
internal sealed record CmdletShape(string Verb, string Noun, IReadOnlyList<string> ParameterSets, IReadOnlyList<ParameterShape> Parameters)
{
    public string Name => $"{Verb}-{Noun}";
}

/// <summary>A parameter's declaration.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type, in PowerShell's notation; null for a switch.</param>
/// <param name="Uses">The declarations per parameter set.</param>
internal sealed record ParameterShape(string Name, string? Type, IReadOnlyList<ParameterUse> Uses)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public bool TakesWildcards { get; init; }

    /// <summary>The declaration in a parameter set; null for none.</summary>
    public ParameterUse? In(string set) => Uses.FirstOrDefault(use => use.Set == set || use.Set == ParameterUse.AllSets);
}

/// <summary>A parameter's declaration in a parameter set.</summary>
/// <param name="Set">The parameter set, or <see cref="AllSets"/>.</param>
internal sealed record ParameterUse(string Set)
{
    /// <summary>PowerShell's name for every parameter set.</summary>
    public const string AllSets = "__AllParameterSets";

    public bool IsMandatory { get; init; }

    /// <summary>The position, from 0; null for a named parameter.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByPropertyName { get; init; }
}
