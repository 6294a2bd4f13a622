using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace PrefectPS.Http.Listening;

/// <summary>Rejects an empty key set, which must not replace the current keys.</summary>
internal sealed class KeyValidator : IConfigurationValidator<OpenIdConnectConfiguration>
{
    public ConfigurationValidationResult Validate(OpenIdConnectConfiguration configuration) =>
        configuration.SigningKeys.Count > 0
            ? new() { Succeeded = true }
            : new() { Succeeded = false, ErrorMessage = "The key set has no key to verify signatures with." };
}
