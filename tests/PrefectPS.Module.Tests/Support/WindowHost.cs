using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PrefectPS.Module.Tests.Support;

/// <summary>A host with a window in which progress would be seen; asking anything of it is an error.</summary>
internal sealed class WindowHost : PSHost
{
    /// <summary>The progress records that were shown, with the thread that showed each.</summary>
    public ConcurrentQueue<(ProgressRecord Record, int Thread)> Shown { get; } = new();

    /// <summary>The lines that were written to it.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>How many characters a line of the window has.</summary>
    public int Width { get; set; } = 120;

    public override string Name => "Window";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => field ??= new Interface(this);

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override void SetShouldExit(int exitCode) => throw new NotSupportedException();

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() => throw new NotSupportedException();

    public override void NotifyEndApplication() => throw new NotSupportedException();

    private sealed class Interface(WindowHost host) : PSHostUserInterface
    {
        public override PSHostRawUserInterface RawUI { get; } = new Window(host);

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException();

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            throw new NotSupportedException();

        public override void WriteProgress(long sourceId, ProgressRecord record) => host.Shown.Enqueue((record, Environment.CurrentManagedThreadId));

        public override void Write(string value)
        {
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        {
        }

        public override void WriteLine(string value) => host.Lines.Enqueue(value);

        public override void WriteErrorLine(string value)
        {
        }

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }
    }

    private sealed class Window(WindowHost host) : PSHostRawUserInterface
    {
        public override Size WindowSize
        {
            get => new(host.Width, 40);
            set => throw new NotSupportedException();
        }

        public override Size BufferSize
        {
            get => WindowSize;
            set => throw new NotSupportedException();
        }

        public override Size MaxWindowSize => WindowSize;

        public override Size MaxPhysicalWindowSize => WindowSize;

        public override Coordinates WindowPosition { get; set; }

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; }

        public override ConsoleColor BackgroundColor { get; set; }

        public override string WindowTitle { get; set; } = string.Empty;

        public override bool KeyAvailable => false;

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

        public override void FlushInputBuffer()
        {
        }

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotSupportedException();

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
            throw new NotSupportedException();
    }
}
