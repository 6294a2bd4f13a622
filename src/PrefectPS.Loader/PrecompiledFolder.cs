using System.Runtime.InteropServices;

namespace PrefectPS.Loader;

/// <summary>
/// The module's assemblies compiled to machine code for .NET 10 and some systems: the same assemblies as in its folder, so that a new process does not
/// compile what it runs. What .NET finds unfit for it in them, it compiles itself.
/// </summary>
internal static class PrecompiledFolder
{
    private const int FirstVersion = 10;

    /// <summary>The folder for this process, beside the module's; null where there is none.</summary>
    public static string? Of(string moduleFolder)
    {
        if (Environment.Version.Major < FirstVersion || System is not { } system || Processor is not { } processor)
            return null;
        var folder = Path.Combine(Path.GetDirectoryName(moduleFolder)!, "net10.0", system + "-" + processor);
        return File.Exists(Path.Combine(folder, "PrefectPS.LoadContext.dll")) ? folder : null; // a build for debugging leaves it without them
    }

    private static string? System =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "linux"
        : RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
        : null;

    private static string? Processor => RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", _ => null };
}
