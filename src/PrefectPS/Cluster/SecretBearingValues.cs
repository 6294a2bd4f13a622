using System.Management.Automation;
using System.Security;
using PrefectPS.Commands;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>Converts PowerShell values including secrets, for data that is sent encrypted and never stored.</summary>
internal sealed class SecretBearingValues : IValueAdapter
{
    public static readonly SecretBearingValues Instance = new();

    private const string SecretText = "securestring";
    private const string Credential = "pscredential";
    private const char Separator = '\n'; // never part of a user name

    private static readonly PowerShellValues Plain = PowerShellValues.Instance;

    private SecretBearingValues()
    {
    }

    public KnownTypes Types { get; } = LanguageTypes.With(new(SecretText, typeof(SecureString)), new(Credential, typeof(PSCredential)));

    public object? Unwrap(object? value) => Plain.Unwrap(value);

    public bool IsSecret(object value) => Plain.IsSecret(value) && Plain.Unwrap(value) is not (SecureString or PSCredential);

    public bool IsRecord(object value) => Plain.IsRecord(value);

    public ValueAnnotations? AnnotationsOf(object value) => Plain.AnnotationsOf(value);

    public IEnumerable<KeyValuePair<string, object?>> NotesOf(object value) => Plain.NotesOf(value);

    public object WithAnnotations(object value, ValueAnnotations marks) => Plain.WithAnnotations(value, marks);

    public bool TryWriteScalar(object value, out string tag, out string text)
    {
        switch (value)
        {
            case SecureString secret:
                (tag, text) = (SecretText, Secret.Reveal(secret)!);
                return true;
            case PSCredential credential:
                (tag, text) = (Credential, $"{credential.UserName}{Separator}{Secret.Reveal(credential.Password)}");
                return true;
            default:
                return Plain.TryWriteScalar(value, out tag, out text);
        }
    }

    public object? ReadScalar(string tag, string? text) => tag switch
    {
        SecretText => Secret.Hide(text ?? string.Empty),
        Credential when text!.IndexOf(Separator) is > 0 and var end => new PSCredential(text.Substring(0, end), Secret.Hide(text.Substring(end + 1))),
        Credential => throw new FormatException("it is not a credential"),
        _ => Plain.ReadScalar(tag, text),
    };

    public object? TryConvert(object value, Type type) => Plain.TryConvert(value, type);

    public string? RemedyFor(object value) => Plain.RemedyFor(value);

    public string? TextOf(object value) => Plain.TextOf(value);

    public IEnumerable<KeyValuePair<string, object?>> GetProperties(object value) => Plain.GetProperties(value);

    public object? CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties) => Plain.CreateRecord(properties);
}
