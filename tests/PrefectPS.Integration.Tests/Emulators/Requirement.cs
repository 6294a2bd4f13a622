namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>What some machines do not have: there a test that needs it is skipped, but where <c>PREFECTPS_REQUIRE_EMULATORS</c> is 1 it fails.</summary>
internal static class Requirement
{
    private const string RequiredVariable = "PREFECTPS_REQUIRE_EMULATORS";

    /// <summary>What is needed. The test ends here where it cannot be had.</summary>
    public static async Task<T> OrSkipAsync<T>(Func<Task<T>> get)
    {
        try
        {
            return await get();
        }
        catch (EmulatorMissingException e) when (Environment.GetEnvironmentVariable(RequiredVariable) != "1")
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
