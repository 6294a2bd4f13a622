using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>
/// The text of what is given where a text is wanted. PowerShell makes a text of anything, so that a flow or a folder would be called
/// <c>System.Collections.Hashtable</c>.
/// </summary>
internal static class PlainText
{
    /// <summary>A text, or what is written as one: numbers, dates, addresses, paths; null for any other object.</summary>
    public static string? Of(object? given) => PowerShellValues.Instance.Unwrap(given) switch
    {
        string text => text,
        bool or DBNull => null,
        FileSystemInfo file => file.FullName,
        PathInfo path => path.Path,
        Uri uri => uri.OriginalString,
        IConvertible or Guid or Version => LanguagePrimitives.ConvertTo<string>(given),
        _ => null,
    };

    /// <summary>The error of an argument; the pipeline's binder looks for another parameter that takes the object.</summary>
    public static ArgumentTransformationMetadataException NotThat(string fault) => new(fault, new PSInvalidCastException(fault));

    /// <summary>Describes an object that is not text, for error messages.</summary>
    public static string Describe(object? given) => PowerShellValues.Instance.Unwrap(given) is { } value ? $"an object of the type {value.GetType().Name}" : "nothing";
}
