using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>The user interface of a separate runspace: as wide as the session's, without prompts.</summary>
/// <remarks>
/// It receives all records except errors and progress, unless redirected. The PowerShell streams contain the same, plus records that are redirected to null.
/// </remarks>
/// <param name="window">The session's window.</param>
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

    /// <summary>Sets the receiver of the output from now on.</summary>
    public void Use(RunspaceStreams streams) => _streams = streams;

    /// <summary>Sets the window from now on.</summary>
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

    // PowerShell also passes it on through the streams of the body.
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

    // The text of a Write-Host record follows the record; for other information records, only if the body's preference shows them.
    private protected override bool IsKnown(string value)
    {
        var expected = _toShow;
        _toShow = null;
        return expected is { } known && (known.IsCertain || TerminalText.WithoutColours(known.Text) == TerminalText.WithoutColours(value));
    }

    private protected override void Tell(Action<ITaskStreams, ITaskOutput?> write, Action<PSHostUserInterface> show) => _streams?.HandOn(write);
}
