namespace PrefectPS.Help.Cmdlets;

/// <summary>A cmdlet as its class declares it.</summary>
/// <param name="Verb">The name's verb.</param>
/// <param name="Noun">The name's noun.</param>
/// <param name="ParameterSets">Its parameter sets, the default one first.</param>
/// <param name="Parameters">Its parameters, in the order of their declaration.</param>
internal sealed record CmdletShape(string Verb, string Noun, IReadOnlyList<string> ParameterSets, IReadOnlyList<ParameterShape> Parameters)
{
    public string Name => $"{Verb}-{Noun}";
}

/// <summary>A parameter as its property declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PowerShell writes it; null for a switch.</param>
/// <param name="Uses">Its place in each parameter set that it is in.</param>
internal sealed record ParameterShape(string Name, string? Type, IReadOnlyList<ParameterUse> Uses)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public bool TakesWildcards { get; init; }

    /// <summary>Its place in a parameter set; null where it is not in it.</summary>
    public ParameterUse? In(string set) => Uses.FirstOrDefault(use => use.Set == set || use.Set == ParameterUse.AllSets);
}

/// <summary>A parameter's place in a parameter set.</summary>
/// <param name="Set">The parameter set, or <see cref="AllSets"/>.</param>
internal sealed record ParameterUse(string Set)
{
    /// <summary>PowerShell's name for every parameter set.</summary>
    public const string AllSets = "__AllParameterSets";

    public bool IsMandatory { get; init; }

    /// <summary>The position, from 0; null where the parameter goes by its name alone.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByPropertyName { get; init; }
}
