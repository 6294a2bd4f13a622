using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PrefectPS.Host.Terminal;

/// <summary>Shows every stream as pwsh does: errors on standard error, all else on standard output, progress on a terminal only.</summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    private readonly Lock _gate = new();
    private readonly TerminalCapabilities _terminal;
    private readonly ConsoleReader _reader;
    private readonly ConsolePrompt _prompt;
    private readonly ProgressLine? _progress;
    private bool _isRedirectedToError;

    public ConsoleUserInterface(TerminalCapabilities terminal, ConsoleReader reader)
    {
        _terminal = terminal;
        _reader = reader;
        _prompt = new ConsolePrompt(reader, WritePrompt);
        RawUI = new ConsoleRawUserInterface(terminal, reader);
        _progress = terminal is { OutputIsTerminal: true, OutputHasColor: true } ? new ProgressLine(RawUI, TimeProvider.System) : null;
    }

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal => _terminal.OutputHasColor || _terminal.ErrorHasColor;

    private static PSStyle Style => PSStyle.Instance;

    /// <summary>Sends what is written to output to standard error until the returned object is disposed.</summary>
    public IDisposable RedirectToError()
    {
        _isRedirectedToError = true;
        return new Redirection(this);
    }

    public override void Write(string value)
    {
        if (_isRedirectedToError)
            WriteTo(Console.Error, value, _terminal.ErrorHasColor);
        else
            WriteTo(Console.Out, value, _terminal.OutputHasColor);
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Colored(foregroundColor, backgroundColor, value));

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteLine(Colored(foregroundColor, backgroundColor, value));

    public override void WriteErrorLine(string value) =>
        WriteTo(Console.Error, Styled(Style.Formatting.Error, value) + Environment.NewLine, _terminal.ErrorHasColor);

    public override void WriteWarningLine(string message) => WriteLine(Styled(Style.Formatting.Warning, $"WARNING: {message}"));

    public override void WriteVerboseLine(string message) => WriteLine(Styled(Style.Formatting.Verbose, $"VERBOSE: {message}"));

    public override void WriteDebugLine(string message) => WriteLine(Styled(Style.Formatting.Debug, $"DEBUG: {message}"));

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_gate)
            _progress?.Show(record);
    }

    public override string ReadLine() => _reader.ReadLine();

    public override SecureString ReadLineAsSecureString() => _reader.ReadSecret();

    public override Dictionary<string, PSObject?> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) =>
        _prompt.ForFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        _prompt.ForChoice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        _prompt.ForCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        _prompt.ForCredential(caption, message, userName);

    private static string Styled(string style, string text) => style + text + Style.Reset;

    // A colour outside the enumeration is "whatever the terminal has", see ConsoleRawUserInterface.
    private static string Colored(ConsoleColor foreground, ConsoleColor background, string text)
    {
        var style = (Enum.IsDefined(foreground) ? PSStyle.MapForegroundColorToEscapeSequence(foreground) : "")
            + (Enum.IsDefined(background) ? PSStyle.MapBackgroundColorToEscapeSequence(background) : "");
        return style.Length == 0 ? text : Styled(style, text);
    }

    // A question must be seen even when the answer's use goes to a file.
    private void WritePrompt(string text)
    {
        if (_terminal.OutputIsTerminal)
            Write(text);
        else
            WriteTo(Console.Error, text, _terminal.ErrorHasColor);
    }

    private void WriteTo(TextWriter writer, string text, bool hasColor)
    {
        var shown = GetOutputString(text, hasColor || Style.OutputRendering == OutputRendering.Ansi);
        lock (_gate)
        {
            _progress?.Clear();
            writer.Write(shown);
        }
    }

    private sealed class Redirection(ConsoleUserInterface display) : IDisposable
    {
        public void Dispose() => display._isRedirectedToError = false;
    }
}
