using System.Runtime.CompilerServices;

namespace PrefectPS.Tests.Shared;

/// <summary>Where a CI platform runs the tests, the runs in them, and in processes that they start, do not speak to it.</summary>
internal static class NoCIPlatform
{
    [ModuleInitializer]
    public static void Initialize()
    {
        foreach (var variable in new[] { "GITHUB_ACTIONS", "TF_BUILD" })
            Environment.SetEnvironmentVariable(variable, null);
    }
}
