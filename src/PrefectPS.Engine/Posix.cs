using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace PrefectPS;

/// <summary>POSIX calls without a .NET equivalent. Those that return a number return 0 or errno.</summary>
internal static class Posix
{
    public const int NotPermitted = 1;
    public const int Exists = 17;
    public const int NotImplemented = 38;

    private const int InvalidArgument = 22;
    private const int NotImplementedMac = 78;
    private const int NotSupported = 95;
    private const int NotSupportedMac = 45;

    private const string Library = "libc";
    private const int LongestTarget = 1024;
    private const int CurrentFolder = -100;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const uint NoReplaceLinux = 1;
    private const uint NoReplaceMac = 4;

#if NETSTANDARD
    private static readonly bool IsMac = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    /// <summary>True on POSIX systems.</summary>
    public static bool IsHere { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
#else
    private static readonly bool IsMac = OperatingSystem.IsMacOS();

    /// <summary>True on POSIX systems.</summary>
    public static bool IsHere { get; } = !OperatingSystem.IsWindows();
#endif

    /// <summary>Atomically renames a file unless the new name is taken. Not supported by every file system: see <see cref="IsLacking"/>.</summary>
    public static int RenameIfAbsent(string source, string destination)
    {
        try
        {
            return ErrorOf(() => IsMac
                ? NativeRenameMac(Bytes(source), Bytes(destination), NoReplaceMac)
                : NativeRename(CurrentFolder, Bytes(source), CurrentFolder, Bytes(destination), NoReplaceLinux));
        }
        catch (EntryPointNotFoundException)
        {
            return NotImplemented; // a C library older than the call
        }
    }

    /// <summary>Atomically links a file unless the new name is taken. Not supported by every file system: see <see cref="IsLacking"/>.</summary>
    public static int Link(string source, string destination) => ErrorOf(() => NativeLink(Bytes(source), Bytes(destination)));

    /// <summary>Checks whether a process exists. <see cref="NotPermitted"/> means that it does and belongs to another user.</summary>
    public static int FindProcess(int processId) => ErrorOf(() => NativeKill(processId, signal: 0));

    /// <summary>Reads the first bytes of a file even if it is locked, which .NET streams refuse.</summary>
    /// <returns>True if the file exists and has enough bytes.</returns>
    public static bool TryReadLocked(string file, byte[] buffer)
    {
        var descriptor = NativeOpen(Bytes(file), IsMac ? CloseOnExecMac : CloseOnExecLinux);
        if (descriptor < 0)
            return false;
        var count = NativeRead(descriptor, buffer, (IntPtr)buffer.Length);
        _ = NativeClose(descriptor);
        return count == (IntPtr)buffer.Length;
    }

    /// <summary>Target of a symbolic link; null if unreadable.</summary>
    public static string? TargetOf(string link)
    {
        var target = new byte[LongestTarget];
        var count = (int)NativeReadLink(Bytes(link), target, (IntPtr)target.Length);
        return count <= 0 ? null : Encoding.UTF8.GetString(target, 0, count);
    }

    /// <summary>True if errno says that a call is not supported by the system, a sandbox, or the file system.</summary>
    public static bool IsLacking(int error) =>
        error is NotPermitted or InvalidArgument or NotImplemented or NotImplementedMac or NotSupported or NotSupportedMac;

    /// <summary>Creates the exception that .NET would throw for an errno.</summary>
    public static IOException Failed(int error, string path) => new($"{new Win32Exception(error).Message} : '{path}'", error);

    private static int ErrorOf(Func<int> call)
    {
        _ = Marshal.GetLastWin32Error(); // loaded first: loading it later would overwrite errno
        return call() == 0 ? 0 : Marshal.GetLastWin32Error();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [DllImport(Library, EntryPoint = "renameat2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeRename(int sourceFolder, byte[] source, int destinationFolder, byte[] destination, uint flags);

    [DllImport(Library, EntryPoint = "renamex_np", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeRenameMac(byte[] source, byte[] destination, uint flags);

    [DllImport(Library, EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeLink(byte[] source, byte[] destination);

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen(byte[] path, int flags);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr NativeRead(int descriptor, byte[] buffer, IntPtr count);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int descriptor);

    [DllImport(Library, EntryPoint = "readlink", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr NativeReadLink(byte[] link, byte[] target, IntPtr size);

    [DllImport(Library, EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);
}
