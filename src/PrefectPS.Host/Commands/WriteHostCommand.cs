using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Host.Commands;

/// <summary>Writes to the console, by way of the information stream.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
internal sealed class WriteHostCommand : PSCmdlet
{
    private const string HostTag = "PSHOST";

    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    [ValidateNotNull]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage { Message = Join(Object), NoNewLine = NoNewline };
        try
        {
            message.ForegroundColor = ForegroundColor ?? Host.UI.RawUI.ForegroundColor;
            message.BackgroundColor = BackgroundColor ?? Host.UI.RawUI.BackgroundColor;
        }
        catch (HostException)
        {
            // A runspace without a console of its own has no colours; whoever shows what it writes has.
        }

        WriteInformation(message, [HostTag]);
    }

    private string Join(object? value) => LanguagePrimitives.GetEnumerable(value) is { } items
        ? string.Join(Separator.ToString(), items.Cast<object?>().Select(Join))
        : value?.ToString() ?? "";
}
