using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The Node packages that a folder's lock file names, installed there on first use by <c>npm ci</c>: once, whoever else asks.</summary>
/// <param name="folder">The folder, from the root of the checkout.</param>
internal sealed class NodePackages(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Repository.PathOf(folder);

    /// <summary>Installs the packages if they differ from the lock file.</summary>
    /// <returns>The folder.</returns>
    /// <exception cref="EmulatorMissingException">There is no Node here, or the packages cannot be installed.</exception>
    public async Task<string> InstallAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await RunAsync("node", ["--version"], patience.Token);
        using (await LockAsync(Path.Combine(_folder, ".install.lock"), patience.Token))
        {
            var mark = Path.Combine(_folder, "node_modules", ".installed");
            var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_folder, "package-lock.json"), patience.Token)));
            if (!File.Exists(mark) || await File.ReadAllTextAsync(mark, patience.Token) != wanted)
            {
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], patience.Token);
                await File.WriteAllTextAsync(mark, wanted, patience.Token);
            }
        }

        return _folder;
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        // npm is a script, which Windows starts through its shell.
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", ["/c", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = _folder;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = await process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            if (process.ExitCode != 0)
                throw new EmulatorMissingException($"'{program} {string.Join(' ', arguments)}' failed with exit code {process.ExitCode}: {error}{await output}");
        }
        catch (Win32Exception e)
        {
            throw new EmulatorMissingException($"'{program}' cannot be started, so there are no emulators: install Node.js. {e.Message}");
        }
    }

    private static async Task<FileStream> LockAsync(string file, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(Pause, stop);
            }
        }
    }
}
