namespace PrefectPS.Results;

/// <summary>A secret as it is shown: without what it is, in every view, in JSON and in XML. Nothing that holds one is written.</summary>
public sealed class FlowSecret
{
    private readonly object? _value;

    internal FlowSecret(object? value) => _value = value;

    /// <summary>The secret itself. Get-FlowResult, too, has it.</summary>
    public object? Reveal() => _value;

    /// <summary>That it is a secret.</summary>
    public override string ToString() => SecretMask.Mark;
}
