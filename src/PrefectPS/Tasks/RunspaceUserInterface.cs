using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>The user interface of a runspace beside the session: as wide as the session's, with nobody to ask.</summary>
/// <remarks>
/// All but errors and progress comes to it, if it is not redirected. The streams of what runs there have the same, and besides what is redirected to nowhere.
/// </remarks>
/// <param name="window">What the session's window is like.</param>
internal sealed class RunspaceUserInterface(HostWindow window) : TaskUserInterface
{
    private const string OfHost = "PSHOST"; // Write-Host's tag
    private const string Forwarded = "FORWARDED";

    [ThreadStatic]
    private static (string Text, bool IsCertain)? _toShow;

    private HostWindow _window = window;
    private RunspaceRawUserInterface? _raw = RawOf(window);
    private volatile RunspaceStreams? _streams;

    public override PSHostRawUserInterface? RawUI => _raw;

    public override bool SupportsVirtualTerminal => _window.SupportsVirtualTerminal;

    /// <summary>Sets where what is written goes from now on.</summary>
    public void Use(RunspaceStreams streams) => _streams = streams;

    /// <summary>Sets what the window is like from now on.</summary>
    public void Use(HostWindow other)
    {
        if (!ReferenceEquals(_window, other))
            (_window, _raw) = (other, RawOf(other));
    }

    public override void WriteInformation(InformationRecord record)
    {
        var isForHost = record.Tags.Contains(OfHost) && !record.Tags.Contains(Forwarded);
        var text = record.MessageData is HostInformationMessage message ? message.Message : record.ToString();
        _toShow = text is null ? null : (text, isForHost);
        _streams?.HandOn((caller, task) => caller.WriteInformation(task, record));
    }

    // PowerShell hands it on by the streams of the body besides.
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => throw NobodyAnswers();

    public override SecureString ReadLineAsSecureString() => throw NobodyAnswers();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw NobodyAnswers();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw NobodyAnswers();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NobodyAnswers();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NobodyAnswers();

    private static RunspaceRawUserInterface? RawOf(HostWindow window) => window.IsThere ? new(window) : null;

    // After what Write-Host writes comes its text; after another record it does where the body's preference is to show it.
    private protected override bool IsKnown(string value)
    {
        var expected = _toShow;
        _toShow = null;
        return expected is { } known && (known.IsCertain || TerminalText.WithoutColours(known.Text) == TerminalText.WithoutColours(value));
    }

    private protected override void Tell(Action<ITaskStreams, ITaskOutput?> write, Action<PSHostUserInterface> show) => _streams?.HandOn(write);
}
