using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>The window of a separate runspace: sizes and colours start as the session's and can be set separately; there are no keys and no screen.</summary>
internal sealed class RunspaceRawUserInterface(HostWindow window) : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor { get; set; } = window.Background;

    public override ConsoleColor ForegroundColor { get; set; } = window.Foreground;

    public override Size BufferSize { get; set; } = window.Buffer ?? window.Window!.Value;

    public override Size WindowSize { get; set; } = window.Window ?? window.Buffer!.Value;

    public override Size MaxWindowSize => window.MaxWindow ?? WindowSize;

    public override Size MaxPhysicalWindowSize => window.MaxPhysicalWindow ?? WindowSize;

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25; // percent, the default of consoles

    public override Coordinates WindowPosition { get; set; }

    public override string WindowTitle { get; set; } = string.Empty;

    public override bool KeyAvailable => false;

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw TaskUserInterface.NobodyAnswers();

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoScreen();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoScreen();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clearing the screen does nothing.
    }

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    private static HostException NoScreen() => new(ModuleTexts.NoScreen, innerException: null, "HostFunctionNotImplemented", ErrorCategory.NotImplemented);
}
