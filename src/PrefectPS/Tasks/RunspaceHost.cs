using System.Globalization;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>The host of a runspace beside the session: it has no one to ask, and the cultures of the caller, which PowerShell takes from its host.</summary>
internal sealed class RunspaceHost : PSHost
{
    private CultureInfo _culture = CultureInfo.CurrentCulture;
    private CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    public override CultureInfo CurrentCulture => _culture;

    public override CultureInfo CurrentUICulture => _uiCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "PrefectPS";

    public override PSHostUserInterface? UI => null;

    public override Version Version { get; } = typeof(RunspaceHost).Assembly.GetName().Version ?? new Version(1, 0);

    /// <summary>Sets the cultures for what runs next.</summary>
    public void Use(CultureInfo culture, CultureInfo uiCulture) => (_culture, _uiCulture) = (culture, uiCulture);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

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
