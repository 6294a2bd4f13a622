namespace PrefectPS.Results;

/// <summary>Makes secrets.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowSecretExtensions
{
    extension(FlowSecret)
    {
        /// <summary>Wraps a value that is not to be shown.</summary>
        /// <param name="value">The value.</param>
        public static FlowSecret Of(object? value) => new(value);
    }
}
