using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;
using System.Security;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The user interface of the session's host while a step runs: prompts, and output that belongs to no task, go to the original one.</summary>
/// <remarks>There is no public API to install it. If PowerShell's internals differ, host output of bodies in the session goes to the host unchanged.</remarks>
internal class SessionUserInterface : TaskUserInterface, IDisposable
{
    private readonly PSHostUserInterface _host;
    private readonly FieldInfo _place;
    private readonly PSHostUserInterface? _behind;

    private SessionUserInterface(PSHostUserInterface host, FieldInfo place, PSHostUserInterface? behind) => (_host, _place, _behind) = (host, place, behind);

    public override PSHostRawUserInterface? RawUI => _behind?.RawUI;

    public override bool SupportsVirtualTerminal => _behind?.SupportsVirtualTerminal == true;

    private PSHostUserInterface Asked => _behind ?? throw NobodyAnswers();

    /// <summary>Installs one until disposed; null if an outer step has one, or if it is not possible.</summary>
    public static SessionUserInterface? Place(PSHost host)
    {
        if (host.UI is not { } ui || FindPlace(ui.GetType()) is not { } place || place.GetValue(ui) is SessionUserInterface)
            return null;
        var behind = (PSHostUserInterface?)place.GetValue(ui);
        var ours = behind is IHostUISupportsMultipleChoiceSelection choices ? new OfSeveralChoices(ui, place, behind, choices) : new SessionUserInterface(ui, place, behind);
        place.SetValue(ui, ours);
        return ours;
    }

    public void Dispose()
    {
        if (_place.GetValue(_host) == this)
            _place.SetValue(_host, _behind);
    }

    public override void WriteProgress(long sourceId, ProgressRecord record) => _behind?.WriteProgress(sourceId, record);

    public override void WriteInformation(InformationRecord record) => _behind?.WriteInformation(record);

    public override string ReadLine() => Asked.ReadLine();

    public override SecureString ReadLineAsSecureString() => Asked.ReadLineAsSecureString();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        Asked.Prompt(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Asked.PromptForChoice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        Asked.PromptForCredential(caption, message, userName, targetName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        Asked.PromptForCredential(caption, message, userName, targetName, allowedCredentialTypes, options);

    private protected override void Tell(Action<ITaskStreams, ITaskOutput?> write, Action<PSHostUserInterface> show)
    {
        if (!SessionStreams.TryHandOn(write) && _behind is not null)
            show(_behind);
    }

    private static FieldInfo? FindPlace(Type ui) => Array.Find(
        ui.GetFields(BindingFlags.Instance | BindingFlags.NonPublic),
        field => field.FieldType == typeof(PSHostUserInterface) && field.Name.EndsWith("externalUI", StringComparison.OrdinalIgnoreCase));

    // PowerShell prompts for several choices one by one if the host does not support it.
    private sealed class OfSeveralChoices(PSHostUserInterface host, FieldInfo place, PSHostUserInterface behind, IHostUISupportsMultipleChoiceSelection choosing)
        : SessionUserInterface(host, place, behind), IHostUISupportsMultipleChoiceSelection
    {
        public Collection<int> PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, IEnumerable<int> defaultChoices) =>
            choosing.PromptForChoice(caption, message, choices, defaultChoices);
    }
}
