using System.Management.Automation;

namespace PrefectPS.Module.Tests.Support;

/// <summary>What a script put out, stream by stream.</summary>
internal sealed class ScriptOutcome(IReadOnlyList<PSObject?> output, PSDataStreams streams)
{
    /// <summary>Its output, without PowerShell's wrappers.</summary>
    public IReadOnlyList<object?> Output { get; } = [.. output.Select(o => o?.BaseObject is PSCustomObject ? o : o?.BaseObject)];

    public IReadOnlyList<ErrorRecord> Errors { get; } = [.. streams.Error];

    public IReadOnlyList<string> Warnings { get; } = [.. streams.Warning.Select(w => w.Message)];

    public IReadOnlyList<string> Verbose { get; } = [.. streams.Verbose.Select(v => v.Message)];

    public IReadOnlyList<string> Debug { get; } = [.. streams.Debug.Select(d => d.Message)];

    public IReadOnlyList<string> Information { get; } = [.. streams.Information.Select(i => i.ToString())];

    public IReadOnlyList<string> Progress { get; } = [.. streams.Progress.Select(p => p.Activity)];

    /// <summary>Its only output.</summary>
    public object? Single() => Assert.Single(Output);
}
