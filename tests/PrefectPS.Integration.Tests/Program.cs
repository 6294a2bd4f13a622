using PrefectPS.Integration.Tests.Storage;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PrefectPS.Integration.Tests;

/// <summary>Runs the tests, or one of the child processes of the store tests.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        args is [StoreRacer.Mark, var folder, var rounds] ? await StoreRacer.RunAsync(folder, rounds)
        : args is [SlowWriter.Mark, var store, var path] ? await SlowWriter.RunAsync(store, path)
        : args.Any(a => a is "-automated" or "@@") ? await ConsoleRunner.Run(args)
        : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
