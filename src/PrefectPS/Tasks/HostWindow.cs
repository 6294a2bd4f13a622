using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>What the session's host shows things in, as it is when a step begins: it decides how wide tables are, so that a text is the same wherever it is made.</summary>
internal sealed class HostWindow
{
    /// <summary>That of a session's host, on its own thread.</summary>
    public HostWindow(PSHost host)
    {
        PrivateData = host.PrivateData;
        if (host.UI is not { RawUI: { } raw } ui)
            return;
        SupportsVirtualTerminal = ui.SupportsVirtualTerminal;
        Buffer = Read(() => raw.BufferSize);
        Window = Read(() => raw.WindowSize);
        MaxWindow = Read(() => raw.MaxWindowSize);
        MaxPhysicalWindow = Read(() => raw.MaxPhysicalWindowSize);
        Foreground = Read(() => raw.ForegroundColor) ?? ConsoleColor.Gray;
        Background = Read(() => raw.BackgroundColor) ?? ConsoleColor.Black;
    }

    /// <summary>One of another process's host.</summary>
    /// <param name="buffer">Its buffer, in characters; null for none.</param>
    /// <param name="window">Its window.</param>
    /// <param name="colours">Its foreground and background.</param>
    /// <param name="supportsVirtualTerminal">Whether it takes a terminal's control characters.</param>
    public HostWindow(Size? buffer, Size? window, (ConsoleColor Foreground, ConsoleColor Background) colours, bool supportsVirtualTerminal)
    {
        (Buffer, Window, SupportsVirtualTerminal) = (buffer, window, supportsVirtualTerminal);
        (Foreground, Background) = colours;
    }

    /// <summary>Whether there is one.</summary>
    public bool IsThere => Buffer is not null || Window is not null;

    public bool SupportsVirtualTerminal { get; }

    /// <summary>What the host lets scripts set, such as colours.</summary>
    public PSObject? PrivateData { get; }

    public Size? Buffer { get; }

    public Size? Window { get; }

    public Size? MaxWindow { get; }

    public Size? MaxPhysicalWindow { get; }

    public ConsoleColor Foreground { get; }

    public ConsoleColor Background { get; }

    /// <summary>What a host says of it; null for one that has none, which it says in any of these ways.</summary>
    public static T? Read<T>(Func<T> read)
        where T : struct
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is RuntimeException or NotSupportedException or NotImplementedException or IOException)
        {
            return null;
        }
    }
}
