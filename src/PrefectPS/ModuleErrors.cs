using PrefectPS.Flows;

namespace PrefectPS;

/// <summary>The texts of the errors that only the module knows.</summary>
internal static class ModuleErrors
{
    public static FlowException FlowRequired(string task) =>
        new(FlowErrorId.FlowRequired, $"Task '{task}' has no flow to be added to. Give one: Add-FlowTask $flow {task} {{ … }}, or call it inside New-Flow <name> {{ … }}.", task);

    public static FlowException FlowRequiredForState() =>
        new(FlowErrorId.FlowRequired, "A state document says which tasks have run, not what they do. Give the flow: ConvertTo-FlowState -Flow $flow.");

    public static FlowException NoTasks(object? source) =>
        new(FlowErrorId.FlowRequired, $"'{source}' has no tasks: give a flow, or a run of one.", source);

    public static FlowException NoStates(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"The tasks of flow '{flow.Name}' have no states to choose by; those of a run have: Invoke-FlowStep and ConvertTo-FlowState return one.", flow);

    public static FlowException ParameterNotFound(string task, string parameter, IEnumerable<string> existing) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block has no parameter '{parameter}'; it has {(string.Join(", ", existing) is { Length: > 0 } names ? names : "none: begin it with param(...)")}.", task);

    public static FlowException ConditionParameterNotGiven(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its -When block has a parameter '{parameter}', for which neither -InputFrom nor -Argument gives a value.", task);

    public static FlowException SignalUnknown() =>
        new(FlowErrorId.TaskInvalid, "Send-FlowSignal does not say which signal. Give one of -Fail, -TriggerFail, -ValidationFail, -Skip, -Success, -Retry, -Pause, -Loop, -EndRun.");

    public static FlowException StoreUnknown(string store, string scheme) =>
        new(FlowErrorId.FlowInvalid, $"The store '{store}' cannot be used: there is no provider for '{scheme}'. Give a folder.", store);

    public static FlowException StoreNotFileSystem(string store) =>
        new(FlowErrorId.FlowInvalid, $"The store '{store}' is not a folder of the file system.", store);

    public static FlowException DifferentRuns() =>
        new(FlowErrorId.StateInvalid, "The task states are of different flows or runs; gather those of one run at a time.");

    public static FlowException ChildWithoutTask(string slug) =>
        new(FlowErrorId.StateInvalid, $"'{slug}' is a child of a mapped task, and comes with it. Give the tasks, or change the children in the run: $run | Set-FlowTaskState.", slug);

    public static FlowException MixedInput(string first, string other) =>
        new(FlowErrorId.StateInvalid, $"The input mixes {first} and {other}; give one document at a time.");
}
