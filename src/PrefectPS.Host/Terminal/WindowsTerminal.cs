using System.Runtime.InteropServices;

namespace PrefectPS.Host.Terminal;

/// <summary>The classic Windows console reads escape sequences only when asked to.</summary>
internal static class WindowsTerminal
{
    private const int StandardOutput = -11;
    private const uint VirtualTerminalProcessing = 0x4;

    /// <returns>Whether the console attached to standard output reads escape sequences; true on other systems.</returns>
    public static bool EnableEscapeSequences()
    {
        if (!OperatingSystem.IsWindows())
            return true;

        var console = GetStdHandle(StandardOutput);
        return GetConsoleMode(console, out var mode) && SetConsoleMode(console, mode | VirtualTerminalProcessing);
    }

    [DllImport("kernel32.dll", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetStdHandle(int kind);

    [DllImport("kernel32.dll", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(nint console, out uint mode);

    [DllImport("kernel32.dll", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(nint console, uint mode);
}
