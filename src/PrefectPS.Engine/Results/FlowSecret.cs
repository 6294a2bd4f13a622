namespace PrefectPS.Results;

/// <summary>A secret that hides its value in every view, in JSON and in XML, and is never written.</summary>
public sealed class FlowSecret
{
    private readonly object? _value;

    internal FlowSecret(object? value) => _value = value;

    /// <summary>Returns the secret value, as Get-FlowResult does.</summary>
    public object? Reveal() => _value;

    /// <summary>A placeholder, never the value.</summary>
    public override string ToString() => SecretMask.Mark;
}
