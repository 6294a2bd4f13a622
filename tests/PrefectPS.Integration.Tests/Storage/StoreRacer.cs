using System.Diagnostics;
using System.Globalization;
using System.Text;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>A process that races with others for the objects of a folder: it counts a counter up, and claims names that nobody has.</summary>
internal static class StoreRacer
{
    /// <summary>The first argument of such a process.</summary>
    public const string Mark = "--race";

    private const string Counter = "counter";

    /// <summary>Starts one.</summary>
    public static Process Start(string folder, int rounds)
    {
        var program = Environment.ProcessPath!;
        var isLauncher = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] arguments = [Mark, folder, rounds.ToString(CultureInfo.InvariantCulture)];
        return Process.Start(new ProcessStartInfo(program, isLauncher ? [typeof(StoreRacer).Assembly.Location, .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The process's side: prints how many names it claimed.</summary>
    public static async Task<int> RunAsync(string folder, string rounds)
    {
        var store = new FolderStore(folder);
        var claimed = 0;
        for (var round = 0; round < int.Parse(rounds, CultureInfo.InvariantCulture); round++)
        {
            while (!await TryCountUpAsync(store))
            {
            }

            claimed += await TryAsync(() => store.WriteAsync($"claims/{round}", "claimed"u8.ToArray(), WriteCondition.IfAbsent, CancellationToken.None)) ? 1 : 0;
        }

        Console.WriteLine(claimed);
        return 0;
    }

    private static async Task<bool> TryCountUpAsync(FolderStore store)
    {
        using var found = await store.ReadAsync(Counter, CancellationToken.None);
        if (found is null)
            return await TryAsync(() => store.WriteAsync(Counter, "1"u8.ToArray(), WriteCondition.IfAbsent, CancellationToken.None));
        var count = int.Parse(Encoding.UTF8.GetString(await found.ReadAllAsync(CancellationToken.None)), CultureInfo.InvariantCulture);
        var next = Encoding.UTF8.GetBytes((count + 1).ToString(CultureInfo.InvariantCulture));
        return await TryAsync(() => store.WriteAsync(Counter, next, WriteCondition.IfVersion(found.Version), CancellationToken.None));
    }

    private static async Task<bool> TryAsync(Func<ValueTask<string>> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return false;
        }
    }
}
