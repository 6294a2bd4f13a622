using System.Management.Automation;

namespace PrefectPS;

/// <summary>Colors the names of states in the module's views (PrefectPS.Format.ps1xml), in the console color nearest to the state's own.</summary>
public static class StateColors
{
    /// <summary>Colors the name of a state. It stays plain where <c>$PSStyle</c> or <c>NO_COLOR</c> says so, and in Windows PowerShell, which has no <c>$PSStyle</c>.</summary>
    /// <param name="state">The name; null for none.</param>
    /// <param name="style">The session's <c>$PSStyle</c>; null where it has none.</param>
    public static object? Show(string? state, object? style)
    {
        if (state is null || style is null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || "PlainText" == $"{Get(style, "OutputRendering")}")
            return state;
        return $"{Get(Get(style, "Foreground")!, ColorOf(state))}{state}{Get(style, "Reset")}";
    }

    private static string ColorOf(string state) => state switch
    {
        "Success" or "Cached" => "Green",
        "Failed" or "TriggerFailed" or "ValidationFailed" or "ClientFailed" or "TimedOut" => "Red",
        "Skipped" or "Cancelled" or "Cancelling" => "BrightBlack",
        "Running" or "Mapped" or "Finished" or "Looped" => "BrightBlue",
        "Pending" => "Cyan",
        "Paused" => "Magenta",
        _ => "Yellow",
    };

    private static object? Get(object value, string property) => PSObject.AsPSObject(value).Properties[property]?.Value;
}
