using System.Text;

namespace PrefectPS.Progress;

/// <summary>Writes to a CI platform: commands in log lines, and a summary file.</summary>
internal abstract class CIPlatform
{
    /// <summary>How files for a platform are written.</summary>
    protected static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The environment variable that names the folder of the sources.</summary>
    protected abstract string SourcesVariable { get; }

    /// <summary>The platform of a format; null for none.</summary>
    public static CIPlatform? Find(CIFormat format) => format switch
    {
        CIFormat.GitHub => new GitHubActions(),
        CIFormat.AzurePipelines => new AzurePipelines(),
        CIFormat.Auto when IsTrue("GITHUB_ACTIONS") => new GitHubActions(),
        CIFormat.Auto when IsTrue("TF_BUILD") => new AzurePipelines(),
        _ => null,
    };

    /// <summary>The line that starts a foldable group.</summary>
    public abstract string BeginGroup(string title);

    /// <summary>The line that ends a group.</summary>
    public abstract string EndGroup { get; }

    /// <summary>The line that reports an error, at a place in a script if known.</summary>
    /// <param name="title">What has failed.</param>
    /// <param name="message">The reason.</param>
    /// <param name="file">The script, relative to the sources if possible; null for none.</param>
    /// <param name="line">The line in it, from 1; 0 for none.</param>
    public abstract string Error(string title, string message, string? file, int line);

    /// <summary>Passes a summary to the platform.</summary>
    /// <param name="markdown">The summary.</param>
    /// <returns>The log line that registers it; null if none is needed.</returns>
    /// <exception cref="IOException">The file cannot be written; as <see cref="UnauthorizedAccessException"/> too.</exception>
    public abstract string? Summarize(string markdown);

    /// <summary>A text, escaped so that the platform does not read commands in it.</summary>
    public static string Plain(string text)
    {
        text = text.Replace("##[", "# #[").Replace("##vso[", "# #vso[");
        return text.TrimStart().StartsWith("::", StringComparison.Ordinal) ? $"- {text}" : text;
    }

    /// <summary>A script's path, relative to the sources if possible.</summary>
    public string? PathOf(string? script)
    {
        if (script is null || Environment.GetEnvironmentVariable(SourcesVariable) is not { Length: > 0 } sources)
            return script;
        var root = sources.TrimEnd('/', '\\') + Path.DirectorySeparatorChar;
        return script.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? script.Substring(root.Length).Replace('\\', '/') : script;
    }

    /// <summary>A text with some characters escaped.</summary>
    protected static string Escape(string text, params (char Character, string Written)[] characters)
    {
        var written = new StringBuilder(text.Length);
        foreach (var c in text)
            written.Append(Array.Find(characters, pair => pair.Character == c).Written ?? c.ToString());
        return written.ToString();
    }

    private static bool IsTrue(string variable) => string.Equals(Environment.GetEnvironmentVariable(variable), "true", StringComparison.OrdinalIgnoreCase);
}
