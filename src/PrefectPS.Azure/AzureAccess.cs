using Azure.Core;
using Azure.Identity;
using Azure.Storage;

namespace PrefectPS.Azure;

/// <summary>How to get into a storage account, whichever of its services it is.</summary>
internal static class AzureAccess
{
    private const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    // One for the process, as it keeps the tokens that it got.
    private static readonly Lazy<TokenCredential> Default = new(() => new DefaultAzureCredential());

    /// <summary>The identity of who runs this.</summary>
    public static TokenCredential DefaultIdentity => Default.Value;

    /// <summary>The connection string that the environment has, which counts for the account that it names; null for none.</summary>
    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    /// <summary>A client that is made by a connection string; null where that is none.</summary>
    /// <remarks>What is wrong with a connection string is not told by the client's own error, which might quote from it.</remarks>
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

    /// <summary>Whether a client's account is the one that an address names.</summary>
    public static bool IsAccount(string name, string wanted) => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>The key of an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="key">The key.</param>
    /// <param name="refuse">The error of what is wrong with it.</param>
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
