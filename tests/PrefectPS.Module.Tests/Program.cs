using PrefectPS.Module.Tests.Support;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PrefectPS.Module.Tests;

/// <summary>Runs the tests; or a script, for a test that needs a process in which nothing has been loaded yet.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        args is [SessionProcess.Mark, var script, .. var arguments] ? SessionProcess.Serve(script, arguments)
        : args.Any(a => a is "-automated" or "@@") ? await ConsoleRunner.Run(args)
        : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
