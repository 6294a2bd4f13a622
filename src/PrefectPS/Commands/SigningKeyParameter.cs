using System.Collections;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>-SigningKey</c>: one key, or several keys by id.</summary>
internal static class SigningKeyParameter
{
    /// <summary>The keys; null if none is given.</summary>
    /// <param name="given">A SecureString, bytes, or a dictionary of ids and these.</param>
    /// <param name="signer">The id of the key to sign with; null if there is one key, or an ordered dictionary.</param>
    /// <param name="signs">Whether the keys are also used to sign.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SigningKeyInvalid"/>.</exception>
    public static SigningKeys? Resolve(object? given, string? signer = null, bool signs = false) => PowerShellValues.Instance.Unwrap(given) switch
    {
        null => signer is null ? null : throw ModuleErrors.SigningKeyInvalid("-SigningKeyId names one of several keys: give them with -SigningKey @{ id = key }"),
        IDictionary { Count: 0 } => throw ModuleErrors.SigningKeyInvalid("-SigningKey has no key"),
        IDictionary { Count: > 1 } keys when signs && signer is null && keys is Hashtable =>
            throw ModuleErrors.SigningKeyInvalid("a hashtable has no first key: say with -SigningKeyId which one signs, or use [ordered] @{ … }"),
        IDictionary keys => new([.. DictionaryEntries.Of(keys).Select(key => new KeyValuePair<string, byte[]>(key.Key.ToString()!, ToBytes(key.Value)))], signer),
        var key => signer is null ? new(ToBytes(key)) : new([new KeyValuePair<string, byte[]>(signer, ToBytes(key))], signer),
    };

    private static byte[] ToBytes(object? key) => PowerShellValues.Instance.Unwrap(key) switch
    {
        byte[] bytes => bytes,
        SecureString secret => ToBytes(secret),
        _ => throw ModuleErrors.SigningKeyInvalid("a key is a SecureString or bytes, so that it stands in no script in the clear"),
    };

    private static byte[] ToBytes(SecureString secret)
    {
        var memory = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            var text = new char[secret.Length];
            Marshal.Copy(memory, text, 0, text.Length);
            var bytes = Encoding.UTF8.GetBytes(text);
            Array.Clear(text, 0, text.Length);
            return bytes;
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(memory);
        }
    }
}
