using System.Management.Automation;
using System.Security;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// Looks up a secret by name in the session of the step: in a SecretManagement vault, the assets of Azure Automation, or the environment, in this order.
/// </summary>
internal static class SecretLookup
{
    // The answers of all places are reported if none has the secret.
    private const string Ask = """
        param($__command, $__name)
        if (-not (Get-Command -Name $__command -ErrorAction Ignore)) { return }
        try { $__found = & $__command -Name $__name -ErrorAction Stop; if ($null -ne $__found) { @{ Value = $__found } } else { "$__command has none" } }
        catch { "${__command}: $($_.Exception.Message)" }
        """;

    private static readonly string[] Commands = ["Get-Secret", "Get-AutomationPSCredential", "Get-AutomationVariable"];

    /// <summary>The secret, as a credential or a secure string.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of the parameter that takes it; <see cref="object"/> for either.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SecretNotFound"/>.</exception>
    public static object Find(string name, Type type)
    {
        var said = new List<string>();
        foreach (var command in Commands)
        {
            foreach (var answer in TaskScript.Invoke(ScriptBlock.Create(Ask), context: null, scope: null, command, name))
            {
                if (answer?.BaseObject is System.Collections.Hashtable found)
                    return Convert(name, PowerShellValues.Instance.Unwrap(found["Value"])!, type);
                said.Add($"{answer}");
            }
        }

        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? Convert(name, text, type) : throw ModuleErrors.SecretNotFound(name, said);
    }

    private static object Convert(string name, object found, Type type) => (found, type) switch
    {
        (PSCredential credential, _) when type == typeof(SecureString) => credential.Password,
        (PSCredential or SecureString, _) when type == typeof(object) || type.IsInstanceOfType(found) => found,
        (SecureString secret, _) => ToCredential(name, Secret.Reveal(secret)!),
        (string text, _) => type == typeof(PSCredential) ? ToCredential(name, text) : Secret.Hide(text),
        _ => throw ModuleErrors.SecretOfOtherKind(name, found.GetType()),
    };

    // As in a URI: user, colon, password.
    private static PSCredential ToCredential(string name, string text) => text.IndexOf(':') is > 0 and var colon && colon < text.Length - 1
        ? new(text.Substring(0, colon), Secret.Hide(text.Substring(colon + 1)))
        : throw ModuleErrors.SecretIsNoCredential(name);
}
