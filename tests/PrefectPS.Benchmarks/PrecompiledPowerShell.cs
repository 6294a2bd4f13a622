using System.Diagnostics;
using System.Text.Json;

namespace PrefectPS.Benchmarks;

/// <summary>
/// The PowerShell that <c>.config/dotnet-tools.json</c> pins, its own assemblies compiled to machine code, as those of an installed one are. The NuGet
/// tool's are not, and it starts twice as slowly: beside that a module's own cost would not be seen. Made once, below the benchmarks' own folder.
/// </summary>
internal static class PrecompiledPowerShell
{
    private static readonly string System = OperatingSystem.IsWindows() ? "win" : "unix";

    /// <summary>Its pwsh.dll.</summary>
    /// <exception cref="InvalidOperationException">The tool cannot be restored.</exception>
    public static string Find()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var version = PinnedVersion();
        var folder = Repository.PathOf($"tests/PrefectPS.Benchmarks/bin/pwsh/{version}-{Path.GetFileName(framework)}");
        if (!Directory.Exists(folder))
        {
            Run("dotnet", ["tool", "restore"]);
            var unfinished = Directory.CreateDirectory($"{folder}.{Environment.ProcessId}").FullName;
            Make(Path.Combine(Repository.ProgramOf("NuGetPackages"), "powershell", version, "tools", $"net{Environment.Version.Major}.0", "any", System), framework, unfinished);
            Directory.Move(unfinished, folder);
        }

        return Path.Combine(folder, "pwsh.dll");
    }

    private static string PinnedVersion()
    {
        using var tools = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(".config/dotnet-tools.json")));
        return tools.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString()!;
    }

    private static void Make(string source, string framework, string target)
    {
        Console.Error.WriteLine("The PowerShell to measure with is compiled once, which takes a minute or two.");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var isOwn = Path.GetDirectoryName(file) == source && Path.GetExtension(file) == ".dll";
            if (!isOwn || !TryCompile(file, copy, source, framework))
                File.Copy(file, copy, overwrite: true);
        }
    }

    // What is no .NET assembly, or was compiled before, stays as it is.
    private static bool TryCompile(string file, string copy, string source, string framework)
    {
        try
        {
            Run(Repository.ProgramOf("NetCompiler"), [file, "-o", copy, "-O", "-r", Path.Combine(source, "*.dll"), "-r", Path.Combine(framework, "*.dll")]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Checkout.Root }; // where the manifest of tools is
        var end = ProcessEnd.Of(start);
        if (end.Code != 0)
            throw end.ToException($"{program} {string.Join(' ', start.ArgumentList)}");
    }
}
