using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>The window of a runspace beside the session: the sizes and colours are the session's, what is set is the runspace's own, and there are no keys and no screen.</summary>
internal sealed class RunspaceRawUserInterface(HostWindow window) : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor { get; set; } = window.Background;

    public override ConsoleColor ForegroundColor { get; set; } = window.Foreground;

    public override Size BufferSize { get; set; } = window.Buffer ?? window.Window!.Value;

    public override Size WindowSize { get; set; } = window.Window ?? window.Buffer!.Value;

    public override Size MaxWindowSize => window.MaxWindow ?? WindowSize;

    public override Size MaxPhysicalWindowSize => window.MaxPhysicalWindow ?? WindowSize;

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25; // percent, as consoles have it

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
        // What clears a screen has nothing to clear.
    }

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    private static HostException NoScreen() => new(ModuleTexts.NoScreen, innerException: null, "HostFunctionNotImplemented", ErrorCategory.NotImplemented);
}
