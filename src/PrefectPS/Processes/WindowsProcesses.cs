using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PrefectPS.Processes;

/// <summary>The processes of Windows, from a snapshot, because .NET does not expose the parent of a process.</summary>
internal static class WindowsProcesses
{
    private const uint SnapshotOfProcesses = 2;
    private const string Library = "kernel32.dll";

    private static readonly IntPtr Invalid = new(-1);

    /// <summary>All processes, except those whose start time is not accessible.</summary>
    public static IReadOnlyList<ProcessEntry> Read()
    {
        var snapshot = CreateToolhelp32Snapshot(SnapshotOfProcesses, 0);
        if (snapshot == Invalid)
            return [];
        try
        {
            var found = new List<ProcessEntry>();
            var native = new NativeEntry { Size = (uint)Marshal.SizeOf<NativeEntry>() };
            for (var more = Process32FirstW(snapshot, ref native); more; more = Process32NextW(snapshot, ref native))
            {
                if (StartOf((int)native.Id) is { } start)
                    found.Add(new((int)native.Id, (int)native.Parent, start, HasEnded: false));
            }

            return found;
        }
        finally
        {
            CloseHandle(snapshot);
        }
    }

    private static long? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.Ticks;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [DllImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr CreateToolhelp32Snapshot(uint flags, uint process);

    [DllImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool Process32FirstW(IntPtr snapshot, ref NativeEntry entry);

    [DllImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool Process32NextW(IntPtr snapshot, ref NativeEntry entry);

    [DllImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CloseHandle(IntPtr handle);

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
    private struct NativeEntry
    {
        public uint Size;
        public uint Usage;
        public uint Id;
        public IntPtr HeapId;
        public uint ModuleId;
        public uint Threads;
        public uint Parent;
        public int BasePriority;
        public uint Flags;

        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)]
        public string File;
    }
}
