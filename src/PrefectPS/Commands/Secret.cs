using System.Net;
using System.Security;

namespace PrefectPS.Commands;

/// <summary>Secrets between PowerShell's form of them and the form that clients take.</summary>
internal static class Secret
{
    /// <summary>The text of a secret; null for none.</summary>
    public static string? Reveal(SecureString? secret) => secret is null ? null : new NetworkCredential(string.Empty, secret).Password;

    /// <summary>A text as a secret.</summary>
    public static SecureString Hide(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
            secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
