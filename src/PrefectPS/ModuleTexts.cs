using PrefectPS.Flows;
using PrefectPS.Notifications;
using PrefectPS.States;

namespace PrefectPS;

/// <summary>The texts of warnings and hints that only the module knows.</summary>
internal static class ModuleTexts
{
    public const string NobodyAnswers =
        "The task asks a person, and where it runs nobody can answer. Give the task what it needs by -Argument, or by a parameter of the flow.";

    public const string NoScreen = "Beside the session (-ThrottleLimit, -Timeout, $using:) a task has no screen.";

    private const int MaxShown = 3;

    public static string NoStoreFolder(string folder) =>
        $"There is no folder '{folder}', and so no run on record in it. A store is created when the first run is put there.";

    public static string TooLate(FlowState run, string wanted) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is {run.State} ({run.Message.TrimEnd('.')}): there was nothing to {wanted}.";

    public static string NothingToResume(FlowState run) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is neither suspended nor stopped, but {run.State} ({run.Message.TrimEnd('.')}). To go on with it: {LineThatGoesOn(run)}";

    private static string LineThatGoesOn(FlowState run) => run.StateType switch
    {
        StateType.Failed => NoticeCommands.RunAgain(run),
        StateType.Paused => $"Get-FlowRun $flow -RunId '{run.RunId.Replace("'", "''")}' | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep",
        _ => $"Invoke-FlowStep $flow -RunId '{run.RunId.Replace("'", "''")}'",
    };

    public static string CallerVariableNotSeen(string task, string variable) =>
        $"Task '{task}' reads ${variable}, a variable of the caller that it cannot see where it runs, so it is null there. Write $using:{variable}, or give it by -Argument.";

    public static string CallerVariableOfOther(string task, string variable) =>
        $"Task '{task}' reads ${variable}, a variable of the caller. When run with a throttle, timeout or on a worker it cannot see it, and it is null there. Write $using:{variable}, or give it by -Argument.";

    public static string SelectionNotInArray(FlowState run, string selection) =>
        $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of its tasks {selection}. The array of task states has no place for that: who reads it runs all tasks, unless -Task, -Tag or -FromTask say it again.";

    public static string TextsBecameDates(IReadOnlyList<string> places) =>
        $"ConvertFrom-Json has made dates of texts in the state document, and the texts may not be the same again: at {string.Join(", ", places.Take(MaxShown))}{(places.Count > MaxShown ? $" and {places.Count - MaxShown} other places" : string.Empty)}. Give the document as text, or convert it by ConvertFrom-Json -DateKind String.";

    public static string RetryReadsMissing(string task, string fault) =>
        $"Task '{task}': its -RetryOn block reads what the error does not have: {fault} It is given what a catch has, an ErrorRecord: $_.Exception, $_.FullyQualifiedErrorId.";

    public static string CallerFunctionNotSeen(string name) =>
        $"The caller has a function or alias '{name}', which a task that runs beside the session cannot see: define it by New-Flow -InitializationScript, or in a module of New-Flow -Module.";

    public static string ClusterUnencrypted(Cluster.FlowCluster cluster) =>
        $"What workers and steps of the cluster '{cluster}' send each other is not encrypted, and whoever reaches their ports can run the flows' tasks with arguments of his own. Give it a -Certificate, or keep the network closed.";

    public static string NotSent(string what, string fault) => $"{what} cannot be sent to a worker: {fault}";

    public static string EndedItself(string task, StateType state, string message) => $"Task '{task}' ended itself as {state.Name()}: {message}";
}
