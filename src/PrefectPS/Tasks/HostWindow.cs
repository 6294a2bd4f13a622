using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Tasks;

/// <summary>The window of the session's host at the start of a step. It determines the width of tables, so that texts are the same in each runspace.</summary>
internal sealed class HostWindow
{
    /// <summary>The window of a session's host; call on its own thread.</summary>
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

    /// <summary>The window of another process's host.</summary>
    /// <param name="buffer">Its buffer size in characters; null for none.</param>
    /// <param name="window">Its window size.</param>
    /// <param name="colours">Its foreground and background.</param>
    /// <param name="supportsVirtualTerminal">Whether it supports virtual terminal sequences.</param>
    public HostWindow(Size? buffer, Size? window, (ConsoleColor Foreground, ConsoleColor Background) colours, bool supportsVirtualTerminal)
    {
        (Buffer, Window, SupportsVirtualTerminal) = (buffer, window, supportsVirtualTerminal);
        (Foreground, Background) = colours;
    }

    /// <summary>True if the host has a window.</summary>
    public bool IsThere => Buffer is not null || Window is not null;

    public bool SupportsVirtualTerminal { get; }

    /// <summary>The host's private data, such as colours.</summary>
    public PSObject? PrivateData { get; }

    public Size? Buffer { get; }

    public Size? Window { get; }

    public Size? MaxWindow { get; }

    public Size? MaxPhysicalWindow { get; }

    public ConsoleColor Foreground { get; }

    public ConsoleColor Background { get; }

    /// <summary>The host's data; null if it has no window, which hosts report in any of these ways.</summary>
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
