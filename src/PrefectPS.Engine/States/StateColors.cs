namespace PrefectPS.States;

/// <summary>The colours of states where there are few: those of a console, by their names in PowerShell's <c>$PSStyle.Foreground</c>.</summary>
internal static class StateColors
{
    /// <summary>The colour that comes nearest to the state's own and can be read on light and dark.</summary>
    public static string ConsoleColor(this StateType type) => type switch
    {
        StateType.Success or StateType.Cached => "Green",
        StateType.Skipped or StateType.Cancelled or StateType.Cancelling => "BrightBlack",
        StateType.Pending => "Cyan",
        StateType.Paused => "Magenta",
        StateType.Running or StateType.Mapped or StateType.Finished or StateType.Looped => "BrightBlue",
        _ when type.IsFailed() || type == StateType.ClientFailed => "Red",
        _ => "Yellow",
    };
}
