using System.Management.Automation;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Takes a state document as bytes, lines of text, or the file that has it too.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DocumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValues.Instance.Unwrap(inputData) switch
    {
        byte[] bytes => Text(bytes),
        FileInfo file => Text(StateFile.ReadAll(file.FullName)),
        object[] lines when lines.Length > 0 && Array.TrueForAll(lines, line => PowerShellValues.Instance.Unwrap(line) is string) => string.Join("\n", lines),
        string => inputData,
        _ => throw PlainText.NotThat($"A state document is text, bytes or a file, not {PlainText.Describe(inputData)}."),
    };

    // What is packed is no text; the reader of documents knows Base64.
    private static string Text(byte[] content) => Packing.IsGzip(content) ? Convert.ToBase64String(content) : Encoding.UTF8.GetString(content);
}
