using System.Diagnostics;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A file system in memory, of so many bytes and files. It takes Linux and the right to mount; elsewhere its tests are skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts one.</summary>
    /// <param name="options">Its size and number of files, as mount takes them.</param>
    public static SmallDisk Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is a tmpfs of Linux.");
        var folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder) == 0, "A disk cannot be mounted here.");
        return new(folder);
    }

    /// <summary>Mounts it with other options.</summary>
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
