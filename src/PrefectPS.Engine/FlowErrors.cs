using PrefectPS.Channels;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS;

/// <summary>Creates all errors: what is wrong, where, and what to do.</summary>
public static class FlowErrors
{
    internal static FlowException Cycle(Flow flow, IReadOnlyList<FlowTask> cycle) =>
        new(FlowErrorId.Cycle, $"Flow '{flow.Name}' has a cycle: {string.Join(" -> ", cycle.Append(cycle[0]).Select(t => t.Slug))}. A task cannot wait for itself.", flow);

    internal static FlowException SubflowCycle(Flow flow, string task, IReadOnlyList<Flow> path) =>
        new(FlowErrorId.Cycle, $"Task '{task}' cannot run flow '{path[0].Name}': it would run itself: {string.Join(" -> ", path.Prepend(flow).Select(f => f.Name))}.", flow);

    internal static FlowException SubflowParameterNotFound(string task, string parameter, Flow subflow) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' gives flow '{subflow.Name}' a parameter '{parameter}', which it does not have. {(subflow.Parameters.Count == 0 ? "It has no parameters; declare them with New-Flow -Parameter." : $"Its parameters are {string.Join(", ", subflow.Parameters)}.")}", task);

    internal static FlowException SubflowsTooDeep(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has flows inside one another to more than {Limits.MaxFlowDepth} levels, itself included. Make tasks of one flow of some of them.", flow);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: a flow is not defined as it must be.</summary>
    public static FlowException FlowInvalid(string flow, string fault) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': {fault}.", flow);

    internal static FlowException RunTooLarge(FlowTask task, int count) =>
        new(FlowErrorId.ResultInvalid, $"Task '{task.Slug}' is mapped over {count} elements, and with them the run of flow '{task.Flow.Name}' would have more than the {Limits.MaxTasks} tasks, children and tasks of subflows that a state document may name. Map over lists of elements instead, or make several runs of it.", task.Slug);

    internal static FlowException FlowTooLarge(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has more than {Limits.MaxTasks} tasks, those of the flows inside it included, and a state document names no more. Make several flows of it.", flow);

    internal static FlowException MapTooLarge(FlowTask task, int count) =>
        new(FlowErrorId.ResultInvalid, $"Task '{task.Slug}' is mapped over {count} elements, and a task has {Limits.MaxChildren} children at most. Map over lists of elements instead.", task.Slug);

    internal static FlowException TaskExists(Flow flow, string key, FlowTask other) =>
        new(FlowErrorId.TaskExists, $"Flow '{flow.Name}' has a task '{key}' already{(string.Equals(other.Name, key, StringComparison.OrdinalIgnoreCase) ? "" : $" (the slug of '{other.Name}')")}. Names and slugs are unique in a flow, whatever their case.", flow);

    internal static FlowException TaskLikePart(Flow flow, string key, FlowTask whole, string parts) =>
        new(FlowErrorId.TaskExists, $"Flow '{flow.Name}' cannot have both a task '{key}' and the task '{whole.Slug}', whose {parts} have such names: it would not be clear which of the two is meant. Give one of them another name or -Slug.", flow);

    internal static FlowException TaskNotFound(Flow flow, IReadOnlyList<KeyValuePair<FlowTask, string>> unknown) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}': {string.Join("; ", unknown.Select(u => $"task '{u.Key.Slug}' waits for '{u.Value}'"))}, which the flow does not have.{WhatIsMeant(flow, unknown)}",
            flow);

    // Hints for common mistakes: a flow parameter, or a comma-separated list of tasks.
    private static string WhatIsMeant(Flow flow, IReadOnlyList<KeyValuePair<FlowTask, string>> unknown)
    {
        var names = unknown.Select(each => each.Value).ToList();
        if (names.Find(name => flow.Parameters.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } parameter)
            return $" '{parameter}' is a parameter of the flow: a script block takes it by declaring it, param(${parameter}); to map over it there is -MapParameter.";
        return names.Find(name => name.Contains(',') && Array.TrueForAll(name.Split(','), part => flow.Find(part.Trim()) is not null)) is { } list
            ? $" Give several tasks as a list: {string.Join(", ", list.Split(',').Select(part => $"'{part.Trim()}'"))}."
            : string.Empty;
    }

    /// <summary><see cref="FlowErrorId.TaskNotFound"/>: the flow has no task of this name or slug.</summary>
    public static FlowException TaskNotFound(Flow flow, string name) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}' has no task '{name}'.", name);

    internal static FlowException SelectionKept(FlowState run, string asked) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and goes on as it is; {asked} was asked for. Leave out -Task, -Tag and -FromTask to go on with it, name it by -RunId to run a part of it, or begin another run.", run);

    internal static FlowException SelectionWider(FlowState run, string asked) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and -RunId does not add to that; {asked} was asked for. Begin another run, or give the run itself by -State.", run);

    /// <summary><see cref="FlowErrorId.SelectionInvalid"/>: no task of the flow is selected.</summary>
    public static FlowException SelectionEmpty(Flow flow) =>
        new(FlowErrorId.SelectionInvalid, $"No task of flow '{flow.Name}' is all that -Task, -Tag and -FromTask ask for.", flow);

    internal static FlowException SelectionGone(FlowState run) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and the flow has none of these tasks any more. Begin another run.", run);

    internal static FlowException SelectionGap(FlowState run, FlowTask task, FlowTask upstream) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}': task '{task.Slug}' comes after '{upstream.Slug}', which has not run in it and is not to: -FromTask takes earlier results from the run that is given. Give the run that has them by -State, -RunId or -Document, or let it run by -FromTask '{upstream.Slug}'.", run);

    /// <summary><see cref="FlowErrorId.SelectionInvalid"/>: a child of a mapped task is selected.</summary>
    public static FlowException SelectedPart(Flow flow, string name) =>
        new(FlowErrorId.SelectionInvalid, $"'{name}' is a part of a mapped task of flow '{flow.Name}', and a run is of whole tasks: name the task. A single child runs again by Set-FlowTaskState -Task '{name}' -To Pending -IncludeDownstream.", name);

    /// <summary><see cref="FlowErrorId.TaskNotFound"/>: no task of the flow has the tag.</summary>
    public static FlowException TagNotFound(Flow flow, string tag) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}' has no task with the tag '{tag}'.", tag);

    private static string Selected(FlowState run) => run.Selection is { } selection ? $"its tasks {selection}" : "all its tasks";

    internal static FlowException ChildToDebugNotNamed(string task, int children) => new(FlowErrorId.TaskInvalid, children == 0
        ? $"Task '{task}' is mapped, and has no children yet: they have the bodies."
        : $"Task '{task}' is mapped: name the child whose body is to run, '{task}[0]'{(children > 1 ? $" to '{task}[{children - 1}]'" : string.Empty)}.", task);

    internal static FlowException SubflowToDebug(string task, Flow subflow) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' runs flow '{subflow.Name}' and has no body of its own: name a task in it, as '{task}/{(subflow.Tasks.Count > 0 ? subflow.Tasks[0].Slug : "name")}'.", task);

    internal static FlowException InputToDebugNotMade(string task, string upstream, StateType state) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes the result of task '{upstream}', which is {state.Name()} in this run: go on with the run until that has ended.", task);

    internal static FlowException EventToDebugNotKept(string task, string name, bool hasCome) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes what comes with event '{name}', {(hasCome ? "which a run does not keep once the task has ended" : "which has not come in this run")}.", task);

    internal static FlowException InputToDebugNotKept(string task, string upstream) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes the result of task '{upstream}', which the run does not keep: it is a secret, or the document does not hold it.", task);

    internal static FlowException OptionOfBlock(string task, string option) => TaskInvalid(task, $"{option} is for a script block; give it to the tasks of the subflow");

    /// <summary><see cref="FlowErrorId.TaskInvalid"/>: a task is not defined as it must be.</summary>
    public static FlowException TaskInvalid(string task, string fault) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': {fault}.", task);

    internal static FlowException ParametersInvalid(Flow flow, IReadOnlyList<ParameterFault> faults)
    {
        var list = string.Concat(faults.Select(f => $"\n  {f.Parameter}: {f.Fault}"));
        var wayOut = flow.Parameters.Count == 0
            ? "The flow has no parameters; declare them with New-Flow -Parameter."
            : $"Its parameters are {string.Join(", ", flow.Parameters)}; give them their values with -Parameter @{{ … }} when a run starts.";
        return new(FlowErrorId.ParameterInvalid, $"Flow '{flow.Name}' cannot run with these parameters:{list}\n{wayOut}", flow);
    }

    /// <summary><see cref="FlowErrorId.ParameterInvalid"/>: a run that has started is given parameters.</summary>
    public static FlowException ParametersFixed(Flow flow, string runId) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{runId}' of flow '{flow.Name}' keeps the parameters it was started with; -Parameter is for a new run.", flow);

    internal static FlowException ParametersDiffer(FlowState run, IEnumerable<string> parameters) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' began with other values of {string.Join(", ", parameters)}, and keeps them. Leave out -Parameter to go on with it, or give another run id to begin one with these.", run);

    internal static FlowException SecretsLost(FlowState run) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' cannot go on by itself: {string.Join(", ", run.Identity.LostSecrets)} among its parameters {(run.Identity.LostSecrets.Skip(1).Any() ? "were secrets, which are" : "was a secret, which is")} never written. Run the flow whose task it is.", run);

    internal static FlowException StepsUsedUp(FlowState run) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is at step {run.Step}, the last that a run can have. Begin a new run.", run);

    internal static FlowException FlowFrozen(Flow flow, string task) =>
        new(FlowErrorId.Frozen, $"Task '{task}' cannot be added to flow '{flow.Name}': it has run, and a flow does not change once it runs. Define a new one with New-Flow.", flow);

    internal static FlowException RetryFilterFailed(string task, Exception cause) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' is not retried: its -RetryOn block failed itself: {cause.Message}.", task, cause);

    internal static FlowException RunHandlerFailed(FlowState run, Exception cause) =>
        new(FlowErrorId.HandlerFailed, $"The -OnFailure block of flow '{run.Flow.Name}' failed itself: {cause.Message}. The run is as it is: {run.Message}", run, cause);

    internal static FlowException NotificationFailed(FlowState run, NotifyReason reason, Exception cause) =>
        new(FlowErrorId.NotificationFailed, $"Nobody was told that run {run.RunId} of flow '{run.Flow.Name}' is {reason}: its -OnNotify block failed, however often it was tried: {cause.Message}. "
            + $"The run is as it is: {run.Message}", run, cause);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: an address is not that of a webhook.</summary>
    public static FlowException WebhookInvalid() =>
        new(FlowErrorId.FlowInvalid, "The -Uri is not the address of a webhook: https://… without a user name. It is not shown, since it may be a secret.", target: null);

    /// <summary><see cref="FlowErrorId.NotificationFailed"/>: a notification could not be sent.</summary>
    public static FlowException NotificationNotSent(string flow, string runId, FlowException cause) =>
        new(FlowErrorId.NotificationFailed, $"Nobody was told of run {runId} of flow '{flow}'. {cause.Message}", runId, cause, cause.IsTransient);

    internal static FlowException TargetZoneUnknown(string target, string zone) =>
        TargetInvalid(target, $"the run began in the time zone '{zone}', which this machine does not know, so that a local date could name another path here. Give dates as text, or as UTC");

    /// <summary><see cref="FlowErrorId.TargetInvalid"/>: a target cannot be used.</summary>
    public static FlowException TargetInvalid(string target, string fault) =>
        new(FlowErrorId.TargetInvalid, $"The target '{target}' cannot be used: {fault}.", target);

    internal static FlowException TargetWithoutStore(string target, string owner) =>
        new(FlowErrorId.TargetInvalid, $"The target '{target}' of {owner} needs a store to be in: give the flow one with New-Flow -Store, or the task with Add-FlowTask -Store.",
            target);

    /// <summary><see cref="FlowErrorId.ResultInvalid"/>: a value nests too deep.</summary>
    public static FlowException ValueTooDeep(int depth) =>
        new(FlowErrorId.ResultInvalid, $"The value nests deeper than {depth} levels, or contains itself. Return a flatter one.");

    internal static FlowException ValueNotWritable(ValueFaultException fault) =>
        new(FlowErrorId.ResultInvalid, $"{(fault.Path.Length == 0 ? "The value" : $"'{fault.Path}' of the value")} cannot be written: {fault.Message}. {fault.Remedy}.", fault.Path, fault);

    /// <summary><see cref="FlowErrorId.ResultInvalid"/>: the result of a task cannot be written.</summary>
    public static FlowException ResultNotWritable(string task, FlowException cause) =>
        new(FlowErrorId.ResultInvalid, $"The result of task '{task}' cannot be written. {cause.Message}", task, cause);

    internal static FlowException ResultNotStored(string task, Exception cause) => new(
        FlowErrorId.StoreFailed,
        $"The result of task '{task}' could not be written: {cause.Message} The step has ended; the task is as it was before, and runs again in the next one.",
        task,
        cause);

    internal static FlowException ResultWithoutStore(string location) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' cannot be read: neither its task nor its flow has a store. Give it the one it was written to with New-Flow -Store or Add-FlowTask -Store.", location);

    internal static FlowException ResultNotKept() =>
        new(FlowErrorId.ResultInvalid, "The result was a secret, which is never written; to have it again its task has to run.");

    internal static FlowException ResultMissing(string store, string location) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' is gone from the store '{store}'. Put it back, or let its task run again, and what has failed for want of it: Set-FlowTaskState -Task <task> -To Pending -IncludeDownstream, and another step.", location);

    internal static FlowException ResultInvalid(string store, string location, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' in the store '{store}' cannot be read: {cause.Message}", location, cause);

    internal static FlowException CacheEntryInvalid(string store, string path, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The cache entry '{path}' in the store '{store}' cannot be read: {cause.Message}", path, cause);

    internal static FlowException ResultFormatMismatch(string form, object value, string wanted) =>
        new(FlowErrorId.ResultInvalid, $"The result is a {value.GetType().Name}, and the serializer {form} takes {wanted}. Return that, or give the task another one with -Serializer or another extension in its target.");

    internal static FlowException ResultFileUnreadable(string file, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The result is the file '{file}', which cannot be read: {cause.Message}", file, cause);

    internal static FlowException ResultFileNotCopied(string file, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The stored file '{file}' cannot be copied to the folder for temporary files: {cause.Message}", file, cause);

    internal static FlowException SerializerUnknown(string name, IEnumerable<string> known) =>
        new(FlowErrorId.ResultInvalid, $"There is no serializer '{name}'; there are {string.Join(", ", known)}.", name);

    internal static FlowException DocumentTooLarge(FlowState run, int max) =>
        new(FlowErrorId.ResultInvalid, $"The results of run '{run.RunId}' of flow '{run.Flow.Name}' are together larger than the {max} bytes that a state document may have. Give the flow a store (New-Flow -Store), without -NoCheckpoint: there each result is an object of its own. Or let tasks return less.", run.RunId);

    internal static FlowException BytesTooLarge(string task, int limit) =>
        new(FlowErrorId.ResultInvalid, $"The result of task '{task}' has more than {limit / 1024} KiB in an array of bytes, and that is no part of a state document. Give the flow or the task a store with -Store: there the bytes are as they are.", task);

    internal static FlowException FolderUnfit(string root, string fault) =>
        new(FlowErrorId.StoreFailed, $"The store '{root}' cannot be used: {fault}. Without that, two steps could both take a run for theirs. Use a folder on a local disk, or a store in the cloud; docs/stores.md says which network file systems do.", root);

    internal static FlowException LimitDiffers(string store, string path, string tag, int given, int stands) => new(
        FlowErrorId.LimitDiffers,
        $"This script gives tag '{tag}' {Places(given)} (New-FlowStore -ConcurrencyLimit), and in {store} it has {Places(stands)}. All scripts have to give the same number. "
            + $"To change it, change it in all of them, and delete '{path}' in the store while none of their runs goes on.",
        tag);

    internal static FlowException LimitUnreadable(string store, string path, FlowException cause) => new(
        FlowErrorId.StoreFailed, $"'{path}' in {store}, which says how many tasks with a tag may run at a time, cannot be read: {cause.Message} Delete it: the next step writes it anew.", path, cause);

    internal static FlowException PlaceLost(string tag, string store) => new(
        FlowErrorId.PlaceLost,
        $"The step held a place of tag '{tag}' in {store} longer than it could renew it, as its process was suspended or the store could not be reached, and somebody else may have the place by now. "
            + "It was stopped; what had ended is on record, and the next step goes on.",
        tag);

    private static string Places(int count) => $"{count} {(count == 1 ? "place" : "places")}";

    internal static FlowException RunBusy(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' is being worked on by another step, and was left as it is. Try again when that has ended; one whose process died gives the run free after {LeaseOptions.Default.Duration.TotalSeconds} seconds.", run.RunId);

    internal static FlowException FlowBusy(Flow flow) =>
        new(FlowErrorId.StoreConflict, $"A run of flow '{flow.Name}' is being begun by someone else. Try again to go on with it.", flow.Name);

    internal static FlowException RunTakenOver(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' has been taken over by another step. This one has stopped; what it had put on record by then is kept.", run.RunId);

    internal static FlowException RunRemoved(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' was removed while this step worked on it: nothing of it is kept. A step of the same id begins a new run.", run.RunId);

    internal static FlowException RunDamaged(string store, RunFolder run, string path, FlowException? fault = null) =>
        new(FlowErrorId.RunDamaged, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' is damaged: '{path}' {(fault is null ? "is missing" : $"cannot be read ({fault.Message})")}. Nothing was changed. Put the object back from a copy, or remove the run: {Removal(store, run)}.", run.RunId, fault);

    internal static FlowException SummaryMissing(string store, RunFolder run) =>
        new(FlowErrorId.RunDamaged, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' is on record, and its entry '{run.Open}' or '{run.AllDone}…' in the index is missing. A step of the run, Invoke-FlowStep -RunId '{run.RunId}', writes it again; to remove the run: {Removal(store, run)}.", run.RunId);

    internal static FlowException SummaryDamaged(string store, string path, FlowException fault) =>
        new(FlowErrorId.RunDamaged, $"The summary of a run '{path}' in the store '{store}' cannot be read ({fault.Message}), and its run is left out. {WayOut(store, path)}", path, fault);

    internal static FlowException NoRunYet(FlowState run) =>
        new(FlowErrorId.StateInvalid, $"This state of flow '{run.Flow.Name}' is of no run, and is not written: {run.Message} Write, publish and go on with a state only where its HasPending is true.", run);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: the flow has no schedule.</summary>
    public static FlowException NoSchedule(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has no schedule: New-Flow -Schedule gives it one.", flow);

    internal static FlowException ObjectOfAnotherFlow(string flow) => new(FlowErrorId.StateInvalid, $"it is of flow '{flow}'", flow);

    internal static FlowException ScheduleDamaged(string store, string path, FlowException fault) =>
        new(FlowErrorId.RunDamaged, $"What is kept of a flow's schedule in the store '{store}' is damaged: '{path}' cannot be read ({fault.Message}). Nothing was changed. Put the object back from a copy, or delete it: then no time before the next call is due.", path, fault);

    // An escaped name cannot be reliably recovered from its path.
    private static string WayOut(string store, string path) =>
        RunLocation.OfIndex(path) is { } location && !path.Contains('%')
            ? $"Remove the run, {Removal(store, new(location.EscapedFlow, location.EscapedRunId))}, or delete the object where it is of another program."
            : "Delete the object where it is of another program, or remove the run whose summary it is by the names of its flow and id: Remove-FlowRun -Store -FlowName -RunId.";

    internal static FlowException RecordTooOld(string store, RunFolder run) =>
        new(FlowErrorId.RecordVersion, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' was put on record by PrefectPS 0.1.0, whose record this version cannot read; it was left as it is. End the run with 0.1.0, or remove it: {Removal(store, run)}.", run.RunId);

    internal static FlowException RecordTooNew(string store, RunFolder run, int version) =>
        new(FlowErrorId.RecordVersion, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' has a record of version {version}; this PrefectPS reads version {RunHead.RecordVersion}, and left it as it is. Update the module.", run.RunId);

    /// <summary><see cref="FlowErrorId.StoreConflict"/>: the run on record is at a later step than the given state.</summary>
    public static FlowException RunFurtherOn(FlowState stored, FlowState given) =>
        new(FlowErrorId.StoreConflict, $"Run '{given.RunId}' of flow '{given.Flow.Name}' is at step {stored.Step}; this state is of step {given.Step}, and nothing was run. Go on with the run as it is in the store: Invoke-FlowStep -Flow $flow -RunId '{given.RunId}'.", given.RunId);

    private static string Removal(string store, RunFolder run) => $"Remove-FlowRun -Store '{store}' -FlowName '{run.Flow}' -RunId '{run.RunId}'";

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store for runs on record.</summary>
    public static FlowException RunWithoutStore(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has no store that runs could be on record in. Give it one with New-Flow -Store.", flow);

    /// <summary><see cref="FlowErrorId.RunNotFound"/>: the store has no record of the run.</summary>
    public static FlowException RunNotFound(string store, string runId) =>
        new(FlowErrorId.RunNotFound, $"The store '{store}' has no record of a run '{runId}'.", runId);

    /// <summary><see cref="FlowErrorId.EventInvalid"/>: an event cannot be taken.</summary>
    public static FlowException EventInvalid(string? name, string fault, Exception? cause = null) =>
        new(FlowErrorId.EventInvalid, $"{(name is null ? "The event" : $"The event '{name}'")} cannot be taken: {fault.TrimEnd('.')}.", name, cause);

    internal static FlowException EventNameUnknown(Flow flow, string name, IReadOnlyList<string> known) =>
        new(FlowErrorId.EventInvalid, $"No task of flow '{flow.Name}' waits for an event '{name}'. {(known.Count == 0 ? "None waits for any: give a task -WaitForEvent." : $"They wait for {string.Join(", ", known.Select(each => $"'{each}'"))}.")}", name);

    internal static FlowException EventPayloadInvalid(Flow flow, string name, FlowTask task, IReadOnlyList<ParameterFault> faults) =>
        new(FlowErrorId.EventInvalid, $"The event '{name}' cannot be given to task '{task.Name}' of flow '{flow.Name}', which waits for it:{string.Concat(faults.Select(fault => $"\n  {fault.Parameter}: {fault.Fault}"))}", name);

    /// <summary><see cref="FlowErrorId.RunNotFound"/>: the store has no record of any run of the flow.</summary>
    public static FlowException NoRuns(Flow flow) =>
        new(FlowErrorId.RunNotFound, $"The store '{flow.StoreName}' has no record of a run of flow '{flow.Name}'.", flow);

    internal static FlowException RequestPending(RunFolder run, ControlRequest request) =>
        new(FlowErrorId.RequestPending, $"Run '{run.RunId}' of flow '{run.Flow}' is being worked on, and the request '{request.Id}' ({request.Kind}) was not applied in time. It stays in the run's inbox: whoever works on the run, or next does, applies it. To wait on, send it again with -Id '{request.Id}': it is applied once.", request.Id);

    /// <summary><see cref="FlowErrorId.RunNotOnRecord"/>: a request is sent to a run that is not on record.</summary>
    public static FlowException RunNotOnRecord(string runId, string flow) =>
        new(FlowErrorId.RunNotOnRecord, $"Run '{runId}' of flow '{flow}' is not on record: nobody else could learn of the request. Give the flow a store with New-Flow -Store; a state in hand is simply not handed on.", runId);

    internal static FlowException UndoFailed(FlowTask task, string path, string why, Exception? cause) =>
        new(FlowErrorId.UndoFailed, $"Task '{path}' could not be undone: {why.TrimEnd('.')}. What it needs stays. Mend the cause, and call Undo-FlowRun again.", task, cause);

    internal static FlowException UndoWithoutResult(FlowTask task, string path) =>
        new(FlowErrorId.ResultInvalid, $"the result of task '{path}' is a secret, which no earlier step has kept", task);

    internal static FlowException RestartWithoutRecord(FlowTask task, string path) =>
        new(FlowErrorId.RunNotOnRecord, $"Task '{path}' asks for a restart of the computer, and after that there would be nothing to go on from: the run is not on record. Give the flow a store that outlives the restart with New-Flow -Store.", task);

    internal static FlowException RestartElsewhere(FlowTask task, string path, string computer, string own) =>
        new(FlowErrorId.RestartFailed, $"Task '{path}' asks for a restart of computer '{computer}', where a worker ran it; the step that would go on after it runs on '{own}', which alone it can restart. Send -RestartComputer from a task that runs there.", task);

    /// <summary><see cref="FlowErrorId.RestartFailed"/>: a computer could not be restarted.</summary>
    public static FlowException RestartFailed(FlowState run, string computer, string why, Exception cause) =>
        new(FlowErrorId.RestartFailed, $"Computer '{computer}' could not be restarted: {why.TrimEnd('.', ' ', '\r', '\n')}. Run '{run.RunId}' is whole on record: restart the computer by hand, or go on without, by its next step.", run, cause);

    /// <summary><see cref="FlowErrorId.RunNotOnRecord"/>: the log of a run that is not on record is asked for.</summary>
    public static FlowException RunWithoutLog(FlowState run) =>
        new(FlowErrorId.RunNotOnRecord, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is not on record, and so has no log. Give the flow a store with New-Flow -Store; a run in memory tells what it does by -Verbose.", run.RunId);

    /// <summary><see cref="FlowErrorId.RunStopped"/>: the run was stopped.</summary>
    public static FlowException RunStopped(FlowState run) =>
        new(FlowErrorId.RunStopped, $"Run '{run.RunId}' of flow '{run.Flow.Name}' was stopped by {run.RequestedBy}{(run.Reason is null ? string.Empty : $" ({run.Reason})")}. To let it go on all the same, use Resume-FlowRun -Force, or set a task of it: Set-FlowTaskState -Task.", run.RunId);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: a text cannot be the id of a run.</summary>
    public static FlowException RunIdInvalid(string runId) =>
        new(FlowErrorId.FlowInvalid, $"'{runId}' cannot be the id of a run: one has 1 to {Limits.MaxRunIdLength} characters, none of them a control character or half of a character.", runId);

    /// <summary><see cref="FlowErrorId.ChannelFailed"/>: the listener cannot listen at an address.</summary>
    public static FlowException ListenerFailed(string prefix, string reason, Exception? cause = null) =>
        new(FlowErrorId.ChannelFailed, $"The listener cannot listen at '{prefix}': {reason.TrimEnd('.')}. Give an address such as http://+:8080/ whose port is free and allowed.", prefix, cause);

    internal static FlowException MessageOfOtherFlow(FlowMessage message, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The message is about flow '{message.Flow}', not '{flow.Name}'. Give each flow a channel of its own, or look at the message's Flow before it is run.", message);

    internal static FlowException MessageIncomplete(FlowMessage message, string fault) =>
        new(FlowErrorId.StateInvalid, $"The message '{message}' is refused: it was cut off, {fault}. A message begins a run only if it names neither run nor step, and is a space or a request without a body.", message);

    internal static FlowException ReferenceWithoutStore(string location) =>
        new(FlowErrorId.StateInvalid, $"The state document is at '{location}' in a store, and the flow has none: give it the one it was sent with, New-Flow -Store.", location);

    internal static FlowException ReferenceMissing(string store, string location) =>
        new(FlowErrorId.StoreFailed, $"The state document that the message refers to is gone from the store '{store}': '{location}'.", location);

    internal static FlowException ReferenceAltered(string store, string location) =>
        new(FlowErrorId.StateTampered, $"The state document '{location}' in the store '{store}' is not the one that the message was sent with: its hash differs.", location);

    internal static FlowException StateInvalid(string fault, string path, long line, long column, string? inside = null, Exception? cause = null) =>
        new(FlowErrorId.StateInvalid, $"The state document is not valid: at {path} (line {line}, byte {column}{(inside is null ? string.Empty : $", inside {inside}")}) {fault}.",
            path, cause);

    internal static FlowException StateUnreadable(string fault, Exception? cause = null) =>
        new(FlowErrorId.StateInvalid, $"The state document cannot be read: {fault}.", target: null, cause);

    internal static FlowException StateOfAnotherFlow(string name, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The state document is of flow '{name}', not of '{flow.Name}'. Give the flow that it was written for; where that has been renamed since, change the name in the document, too.", flow);

    internal static FlowException RunNamesAlike(string store, RunFolder run, RunFolder other) =>
        new(FlowErrorId.FlowInvalid, $"Run '{run.RunId}' of flow '{run.Flow}' cannot be in the store '{store}', which does not tell names apart that differ in case only, and has run '{other.RunId}' of flow '{other.Flow}'. Give it an id that differs in more.", run.RunId);

    internal static FlowException ObjectOfAnotherRun(string? flow, string? runId) =>
        new(FlowErrorId.StateInvalid, $"it is of run '{runId}' of flow '{flow}'", runId);

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state document is of another run than the chosen one.</summary>
    public static FlowException StateOfAnotherRun(string runId, string chosen) =>
        new(FlowErrorId.StateInvalid, $"The state document is of run '{runId}', not of '{chosen}'. Leave -RunId out: it is for documents that name no run, and for a run that begins.", runId);

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state document is empty.</summary>
    public static FlowException StateEmpty(string? inside = null) =>
        new(FlowErrorId.StateInvalid, $"The state document{(inside is null ? string.Empty : $" inside {inside}")} is empty: what it came from was cut off, or written before there was anything to write. Give $null, or nothing, to begin a new run.");

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state file is empty.</summary>
    public static FlowException StateFileEmpty(string file) =>
        new(FlowErrorId.StateInvalid, $"The state file '{file}' is empty: a write was cut off. Put its last copy back, or delete it to begin a new run.", file);

    internal static FlowException StateOfOtherFlow(string? name, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The state document is compact: it goes by the tasks' positions, so it can be read with the very flow it was written for only. {(name == flow.Name ? $"Flow '{name}' has changed since" : $"It is of flow '{name}', not of '{flow.Name}'")}. Write it with ConvertFrom-FlowState -Compact -MatchBySlug, or without -Compact, to let the flow change.", flow);

    internal static FlowException StateTampered(string fault, Exception? cause = null) =>
        new(FlowErrorId.StateTampered, $"The state document cannot be trusted: {fault}.", target: null, cause);

    internal static FlowException SigningKeyTooShort(string id, int min) =>
        new(FlowErrorId.SigningKeyInvalid, $"The key '{id}' is too short to sign with: it takes {min} bytes or more, best 32 by chance.", id);

    internal static FlowException SigningKeyUnknown(string id, IEnumerable<string> known) =>
        new(FlowErrorId.SigningKeyInvalid, $"There is no key '{id}' to sign with; the keys given are {string.Join(", ", known)}.", id);

    internal static FlowException FlowChanged(Flow flow, string changes) =>
        new(FlowErrorId.FlowChanged, $"{changes} Read it with -OnChange Warn to take the states as they are, or -OnChange RerunChanged to run again what has changed.", flow);

    internal static FlowException PayloadTooLarge(int bytes, int max, bool hasStore) =>
        new(
            FlowErrorId.ResultInvalid,
            $"A value of {bytes} bytes is too large to be sent between a worker and the step, which takes {max} in a message. "
            + $"{(hasStore ? "It holds a secret, which is never stored: send less" : "Give the flow a store that both reach (New-Flow -Store): then such a value goes by that")}.");

    internal static FlowException PayloadWithoutStore() =>
        new(FlowErrorId.ResultInvalid, "A value was sent by the flow's store, and the flow has none in this process. Give it the same on the worker and where it is run, New-Flow -Store.");

    internal static FlowException PayloadMissing(string store, string location) =>
        new(FlowErrorId.ResultInvalid, $"A value was sent by the flow's store, and is not in that of this process, '{store}'. Worker and step have different ones, as of a path that is another folder on each, or the run was removed: give both the same, New-Flow -Store.", location);

    internal static FlowException PayloadUnreadable(Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"A value that was sent between a worker and the step cannot be read: {cause.Message}.", target: null, cause);

    internal static FlowException WorkerLacksTask(string flow, string task) =>
        new(FlowErrorId.TaskNotFound, $"The worker was not started with a flow '{flow}' of this version that has a task '{task}'. Start it with the script that the flow is run by.", task);
}
