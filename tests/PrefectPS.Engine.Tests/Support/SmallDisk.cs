using System.Diagnostics;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>An in-memory file system with limited size and number of files. Requires Linux and the right to mount; otherwise its tests are skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts a new one.</summary>
    /// <param name="options">Size and number of files, as mount options.</param>
    public static SmallDisk Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is a tmpfs of Linux.");
        var folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) == 0, "A disk cannot be mounted here.");
        return new(folder);
    }

    /// <summary>Remounts it with other options.</summary>
    public void Change(string options) => Assert.Equal(0, Run("mount", "-o", $"remount,{options}", Folder));

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
