using System.Globalization;
using System.Management.Automation.Host;

namespace PrefectPS.Host.Terminal;

/// <summary>The terminal's size, cursor and keys; a fixed width where the output is no terminal.</summary>
internal sealed class ConsoleRawUserInterface(TerminalCapabilities terminal, ConsoleReader reader) : PSHostRawUserInterface
{
    private const int DefaultWidth = 120;
    private const int DefaultHeight = 50;

    /// <summary>No colour of ours: the terminal's own stays.</summary>
    private const ConsoleColor Unset = (ConsoleColor)(-1);

    public override ConsoleColor ForegroundColor { get; set; } = Unset;

    public override ConsoleColor BackgroundColor { get; set; } = Unset;

    public override Size WindowSize
    {
        get => terminal.OutputIsTerminal && Console.WindowWidth > 0
            ? new Size(Console.WindowWidth, Console.WindowHeight)
            : new Size(ColumnsVariable ?? DefaultWidth, DefaultHeight);
        set => throw CannotSet("size");
    }

    public override Size BufferSize
    {
        get => WindowSize;
        set => throw CannotSet("size");
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw CannotSet("position");
    }

    public override Coordinates CursorPosition
    {
        get
        {
            if (!terminal.OutputIsTerminal)
                return new Coordinates(0, 0);
            var (left, top) = Console.GetCursorPosition();
            return new Coordinates(left, top);
        }

        set
        {
            if (terminal.OutputIsTerminal)
                Console.SetCursorPosition(value.X, value.Y);
        }
    }

    public override int CursorSize
    {
        get => 25;
        set => throw CannotSet("cursor");
    }

    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() && terminal.OutputIsTerminal ? Console.Title : "";
        set
        {
            if (terminal.OutputIsTerminal)
                Console.Title = value;
        }
    }

    public override bool KeyAvailable
    {
        get
        {
            reader.DemandSomeone();
            return Console.KeyAvailable;
        }
    }

    private static int? ColumnsVariable =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && columns > 0
            ? columns
            : null;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = reader.ReadKey(isShown: !options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, ToState(key.Modifiers), keyDown: options.HasFlag(ReadKeyOptions.IncludeKeyDown));
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
            Console.ReadKey(intercept: true);
    }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // The whole screen is what Clear-Host asks for; parts of it cannot be written.
        if (rectangle is not { Left: -1, Top: -1, Right: -1, Bottom: -1 })
            throw CannotReachBuffer();
        if (terminal.OutputIsTerminal)
            Console.Clear();
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw CannotReachBuffer();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw CannotReachBuffer();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw CannotReachBuffer();

    private static ControlKeyStates ToState(ConsoleModifiers modifiers)
    {
        var state = default(ControlKeyStates);
        if (modifiers.HasFlag(ConsoleModifiers.Shift))
            state |= ControlKeyStates.ShiftPressed;
        if (modifiers.HasFlag(ConsoleModifiers.Alt))
            state |= ControlKeyStates.LeftAltPressed;
        if (modifiers.HasFlag(ConsoleModifiers.Control))
            state |= ControlKeyStates.LeftCtrlPressed;
        return state;
    }

    private static NotSupportedException CannotSet(string what) => new($"prefectps cannot change the {what} of its terminal.");

    private static NotSupportedException CannotReachBuffer() => new("prefectps cannot read or write parts of the screen.");
}
