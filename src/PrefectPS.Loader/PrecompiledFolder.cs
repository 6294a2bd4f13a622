using System.Runtime.InteropServices;

namespace PrefectPS.Loader;

/// <summary>
/// Finds the module's assemblies compiled to machine code, for .NET 10 on some platforms, so that a new process need not compile them. They are otherwise the same
/// assemblies as in the module's folder. .NET compiles what it cannot use of them.
/// </summary>
internal static class PrecompiledFolder
{
    private const int FirstVersion = 10;

    /// <summary>The folder for this process, beside the module's; null if none.</summary>
    public static string? Of(string moduleFolder)
    {
        if (Environment.Version.Major < FirstVersion || System is not { } system || Processor is not { } processor)
            return null;
        var folder = Path.Combine(Path.GetDirectoryName(moduleFolder)!, "net10.0", system + "-" + processor);
        return File.Exists(Path.Combine(folder, "PrefectPS.LoadContext.dll")) ? folder : null; // a debug build has none
    }

    private static string? System =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "linux"
        : RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
        : null;

    private static string? Processor => RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", _ => null };
}
