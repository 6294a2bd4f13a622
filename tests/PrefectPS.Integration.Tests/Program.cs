using PrefectPS.Integration.Tests.Storage;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PrefectPS.Integration.Tests;

/// <summary>Runs the tests; or one of several processes that race for a store, for the test that starts them.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        args is [StoreRacer.Mark, var folder, var rounds] ? await StoreRacer.RunAsync(folder, rounds)
        : args.Any(a => a is "-automated" or "@@") ? await ConsoleRunner.Run(args)
        : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
