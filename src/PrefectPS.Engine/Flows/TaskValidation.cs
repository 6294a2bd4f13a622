using System.Globalization;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Checks that the options of a task are valid together. Each check throws a <see cref="FlowException"/> that names the task.</summary>
internal static class TaskValidation
{
    /// <summary>Checks the tags.</summary>
    public static void CheckTags(string task, IReadOnlyList<string> tags)
    {
        if (tags.FirstOrDefault(tag => DefinedName.FaultIn(tag) is not null) is { } invalid)
            throw FlowErrors.TaskInvalid(task, $"its tag {DefinedName.FaultIn(invalid)}");
    }

    /// <summary>Rejects options that a task with a subflow cannot have.</summary>
    public static void CheckSubflowOptions(string task, TaskOptions options)
    {
        if (options.MaxCrashes is not null)
            throw FlowErrors.OptionOfBlock(task, "-MaxCrashes");
        if (options.Undo is not null)
            throw FlowErrors.OptionOfBlock(task, "-Undo");
    }

    /// <summary>Checks that the result goes to one location: a target, a cache, or nowhere if it is sensitive.</summary>
    public static void CheckResult(FlowTask task)
    {
        if (task.IsSensitive && task.Target is not null)
            throw FlowErrors.TaskInvalid(task.Name, "a sensitive result is never written, so it has no target");
        if (task.Cache is not null && task.IsSensitive)
            throw FlowErrors.TaskInvalid(task.Name, "a sensitive result is never written, so it is not cached");
        if (task.Cache is not null && task.Target is not null)
            throw FlowErrors.TaskInvalid(task.Name, "it is given both -Target and -CacheFor; what is at its target is not made again, however old it is");
    }

    /// <summary>Checks that no parameter is given twice.</summary>
    public static void CheckDistinct(string task, IReadOnlyList<string> parameters)
    {
        if (parameters.GroupBy(parameter => parameter, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            throw FlowErrors.TaskInvalid(task, $"its parameter '{twice.Key}' is given both an input and an argument");
    }

    /// <summary>Checks the wait for an event.</summary>
    public static void CheckEvent(FlowTask task, EventWait wait)
    {
        if (task.Cache is not null)
            throw FlowErrors.TaskInvalid(task.Name, "what comes of an event is of this run alone, so it is not cached");
        CheckTimeoutAction(task, wait.Timeout, wait.TimeoutAction);
    }

    /// <summary>Checks polling.</summary>
    public static void CheckPoll(FlowTask task, PollPolicy poll)
    {
        if (task.Event is not null)
            throw FlowErrors.TaskInvalid(task.Name, "it is given both -Until and -WaitForEvent; wait for the event in one task, and poll in another that comes after it");
        if (task.Subflow is not null)
            throw FlowErrors.OptionOfBlock(task.Name, "-Until");
        CheckTimeoutAction(task, poll.Timeout, poll.TimeoutAction);
    }

    /// <summary>Checks that the task is mapped over lists and parameters of its flow.</summary>
    public static void CheckMapSources(FlowTask task)
    {
        foreach (var source in task.MapSources)
        {
            if (source.Parameter is null && MapSource.ListOf(source.Constant) is null)
                throw FlowErrors.TaskInvalid(task.Name, $"its parameter '{source.Name}' is to be mapped over {source.Constant}, which is not a list");
            if (source.Parameter is { } parameter && !task.Flow.Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase))
            {
                var known = task.Flow.Parameters.Count == 0 ? "none" : string.Join(", ", task.Flow.Parameters);
                throw FlowErrors.TaskInvalid(task.Name, $"it is mapped over '{parameter}', which is not a parameter of its flow; the parameters are {known}");
            }
        }
    }

    /// <summary>Checks the goal of a mapped task.</summary>
    public static void CheckGoal(FlowTask task, MapGoal goal)
    {
        if (!task.IsMapped)
            throw FlowErrors.TaskInvalid(task.Name, "-MapAtLeast and -MapAtMostFailed need -Map, -MapArgument or -MapParameter, which say what to map over");
        CheckNumber(task, "-MapAtLeast", "have to succeed", goal.AtLeast, least: double.Epsilon);
        CheckNumber(task, "-MapAtMostFailed", "may fail", goal.AtMostFailed, least: 0);
    }

    /// <summary>Checks the subflow: no cycle, not too deep, and compatible with the task's options and inputs.</summary>
    public static void CheckSubflow(FlowTask task, Flow subflow)
    {
        if (subflow.PathTo(task.Flow) is { } path)
            throw FlowErrors.SubflowCycle(task.Flow, task.Name, path);
        if (FlowDepth.Of(subflow) >= Limits.MaxFlowDepth)
            throw FlowErrors.SubflowsTooDeep(task.Flow);
        if (subflow.RunTimeout is not null)
            throw FlowErrors.TaskInvalid(task.Name, $"its flow '{subflow.Name}' has -RunTimeout, which is about a run of its own; give it to flow '{task.Flow.Name}'");
        if (task.Timeout is not null)
            throw FlowErrors.OptionOfBlock(task.Name, "-Timeout");
        if (task.Given.FirstOrDefault(name => !subflow.Parameters.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw FlowErrors.SubflowParameterNotFound(task.Name, unknown, subflow);
    }

    /// <summary>Checks the names in the cache validator.</summary>
    public static void CheckCache(FlowTask task, CachePolicy cache)
    {
        string[] inputs = [.. task.Given, .. task.Parameters];
        CheckKnown(task, cache.Inputs, inputs, "input");
        CheckKnown(task, cache.Parameters, task.Flow.Parameters, "parameter of its flow");
    }

    private static void CheckTimeoutAction(FlowTask task, TimeSpan? timeout, WaitTimeoutAction action)
    {
        if (timeout is null && action != default)
            throw FlowErrors.TaskInvalid(task.Name, "-WaitTimeoutAction needs -WaitTimeout, which says when");
    }

    private static void CheckNumber(FlowTask task, string parameter, string what, double? given, double least)
    {
        if (given is { } number && !(number >= least && MapGoal.IsNumber(number)))
        {
            throw FlowErrors.TaskInvalid(task.Name,
                $"{parameter} is how many of its children {what}: a whole number from {(least > 0 ? 1 : 0)} to {Limits.MaxChildren}, or a fraction of them below 1; "
                + $"{number.ToString(CultureInfo.InvariantCulture)} is neither");
        }
    }

    private static void CheckKnown(FlowTask task, IReadOnlyList<string> named, IReadOnlyList<string> known, string what)
    {
        if (named.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw FlowErrors.TaskInvalid(task.Name,
                $"-CacheValidator names '{unknown}', which is not an existing {what}; there {(known.Count == 0 ? "are none" : $"are {string.Join(", ", known)}")}");
    }
}
