using PrefectPS.Flows;
using PrefectPS.Notifications;
using PrefectPS.States;

namespace PrefectPS;

/// <summary>The texts of warnings and hints of the module.</summary>
internal static class ModuleTexts
{
    public const string NobodyAnswers =
        "The task prompts for input, but nobody can answer where it runs. Pass the value with -Argument or as a parameter of the flow.";

    public const string NoScreen = "In a separate runspace (-ThrottleLimit, -Timeout, $using:), a task has no screen.";

    private const int MaxShown = 3;

    public static string NoStoreFolder(string folder) =>
        $"The folder '{folder}' does not exist, so it contains no runs. The first run creates it.";

    public static string TooLate(FlowState run, string wanted) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is {run.State} ({run.Message.TrimEnd('.')}): there is nothing to {wanted}.";

    public static string NothingToResume(FlowState run) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is neither suspended nor stopped, but {run.State} ({run.Message.TrimEnd('.')}). To continue it: {LineThatGoesOn(run)}";

    private static string LineThatGoesOn(FlowState run) => run.StateType switch
    {
        StateType.Failed => NoticeCommands.RunAgain(run),
        StateType.Paused => $"Get-FlowRun $flow -RunId '{run.RunId.Replace("'", "''")}' | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep",
        _ => $"Invoke-FlowStep $flow -RunId '{run.RunId.Replace("'", "''")}'",
    };

    public static string CallerVariableNotSeen(string task, string variable) =>
        $"Task '{task}' reads ${variable}, a variable of the caller that is null where the task runs. Use $using:{variable}, or pass it with -Argument.";

    public static string CallerVariableOfOther(string task, string variable) =>
        $"Task '{task}' reads ${variable}, a variable of the caller, which is null with a throttle, a timeout or on a worker. Use $using:{variable}, or pass it with -Argument.";

    public static string SelectionNotInArray(FlowState run, string selection) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of its tasks {selection}. The array of task states cannot contain this selection: its reader runs all tasks, unless -Task, -Tag or -FromTask are specified again.";

    public static string TextsBecameDates(IReadOnlyList<string> places) =>
        $"ConvertFrom-Json has converted texts in the state document to dates, and their original spelling may be lost: at {string.Join(", ", places.Take(MaxShown))}{(places.Count > MaxShown ? $" and {places.Count - MaxShown} other places" : string.Empty)}. Pass the document as text, or use ConvertFrom-Json -DateKind String.";

    public static string RetryReadsMissing(string task, string fault) =>
        $"Task '{task}': its -RetryOn block reads a property that the error does not have: {fault} It receives an ErrorRecord, as in a catch block: $_.Exception, $_.FullyQualifiedErrorId.";

    public static string CallerFunctionNotSeen(string name) =>
        $"The caller has a function or alias '{name}', which is not available in a separate runspace: define it with New-Flow -InitializationScript, or in a module of New-Flow -Module.";

    public static string ClusterUnencrypted(Cluster.FlowCluster cluster) =>
        $"Connections between workers and steps of the cluster '{cluster}' are not encrypted, and anyone who can reach their ports can run the flows' tasks with any arguments. Use -Certificate, or isolate the network.";

    public static string NotSent(string what, string fault) => $"{what} cannot be sent to a worker: {fault}";

    public static string EndedItself(string task, StateType state, string message) => $"Task '{task}' ended itself as {state.Name()}: {message}";
}
