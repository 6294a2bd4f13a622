using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace PrefectPS.Host.Commands.Content;

/// <summary>Takes an encoding by its PowerShell name, its web name or its code page.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EncodingNameAttribute : ArgumentTransformationAttribute
{
    /// <summary>UTF-8 without a byte order mark, the default everywhere.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private static readonly Dictionary<string, Encoding> Named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ascii"] = Encoding.ASCII,
        ["bigendianunicode"] = Encoding.BigEndianUnicode,
        ["bigendianutf32"] = new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        ["unicode"] = Encoding.Unicode,
        ["utf8"] = Utf8,
        ["utf8BOM"] = Encoding.UTF8,
        ["utf8NoBOM"] = Utf8,
        ["utf32"] = Encoding.UTF32,
    };

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapper ? wrapper.BaseObject : inputData;
        try
        {
            return value switch
            {
                Encoding encoding => encoding,
                int codePage => Encoding.GetEncoding(codePage),
                string name when Named.TryGetValue(name, out var encoding) => encoding,
                string name when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var codePage) =>
                    Encoding.GetEncoding(codePage),
                string name => Encoding.GetEncoding(name),
                _ => throw new ArgumentException(null, nameof(inputData)),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{value}' is not an encoding; one of {string.Join(", ", Named.Keys)}, a web name or a code page.", exception);
        }
    }
}
