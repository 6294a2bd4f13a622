namespace PrefectPS.Host.Sessions;

/// <summary>The engine reports its use to its maker unless told not to. That is for the user to turn on, not for a host.</summary>
internal static class EngineTelemetry
{
    private const string Variable = "POWERSHELL_TELEMETRY_OPTOUT";

    /// <summary>Turns it off where the user has said nothing. Called before the engine is first used.</summary>
    public static void TurnOffByDefault()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
