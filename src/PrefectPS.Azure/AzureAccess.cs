using Azure.Core;
using Azure.Identity;
using Azure.Storage;

namespace PrefectPS.Azure;

/// <summary>Credentials for storage accounts.</summary>
internal static class AzureAccess
{
    private const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    // Shared by the process for its token cache.
    private static readonly Lazy<TokenCredential> Default = new(() => new DefaultAzureCredential());

    /// <summary>The ambient identity.</summary>
    public static TokenCredential DefaultIdentity => Default.Value;

    /// <summary>The connection string in the environment, valid for the account it names; null for none.</summary>
    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    /// <summary>Creates a client from a connection string; null where that is malformed.</summary>
    /// <remarks>The client's error is dropped, as it may quote the string.</remarks>
    public static TClient? TryConnect<TClient>(Func<TClient> connect)
        where TClient : class
    {
        try
        {
            return connect();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True if a client's account is the addressed one.</summary>
    public static bool IsAccount(string name, string wanted) => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses an account key.</summary>
    /// <param name="account">The account.</param>
    /// <param name="key">The key.</param>
    /// <param name="refuse">Creates the error.</param>
    public static StorageSharedKeyCredential KeyOf(string account, string key, Func<string, FlowException> refuse)
    {
        try
        {
            return new(account, key);
        }
        catch (FormatException)
        {
            throw refuse("the account key is not valid: it must be Base64");
        }
    }
}
