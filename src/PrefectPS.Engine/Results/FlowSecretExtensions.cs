namespace PrefectPS.Results;

/// <summary>Makes secrets.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowSecretExtensions
{
    extension(FlowSecret)
    {
        /// <summary>Wraps a secret value.</summary>
        /// <param name="value">The value.</param>
        public static FlowSecret Of(object? value) => new(value);
    }
}
