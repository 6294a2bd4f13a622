using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>The host of a separate runspace: without prompts, and with the cultures of the caller, which PowerShell gets from its host.</summary>
/// <param name="window">The window of the session's host.</param>
internal sealed class RunspaceHost(HostWindow window) : PSHost
{
    private CultureInfo _culture = CultureInfo.CurrentCulture;
    private CultureInfo _uiCulture = CultureInfo.CurrentUICulture;
    private readonly RunspaceUserInterface _ui = new(window);

    public override CultureInfo CurrentCulture => _culture;

    public override CultureInfo CurrentUICulture => _uiCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "PrefectPS";

    public override PSObject? PrivateData => window.PrivateData;

    public override PSHostUserInterface UI => _ui;

    public override Version Version { get; } = typeof(RunspaceHost).Assembly.GetName().Version ?? new Version(1, 0);

    /// <summary>Sets the cultures for the next body.</summary>
    public void Use(CultureInfo culture, CultureInfo uiCulture) => (_culture, _uiCulture) = (culture, uiCulture);

    /// <summary>Sets the receiver of its output from now on.</summary>
    public void Use(RunspaceStreams streams) => _ui.Use(streams);

    /// <summary>Sets its window from now on.</summary>
    public void Use(HostWindow other) => _ui.Use(other);

    public override void EnterNestedPrompt() => throw TaskUserInterface.NobodyAnswers();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
