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
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' nests subflows more than {Limits.MaxFlowDepth} levels deep, itself included. Merge some of the flows into one.", flow);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: a flow is not defined as it must be.</summary>
    public static FlowException FlowInvalid(string flow, string fault) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': {fault}.", flow);

    internal static FlowException RunTooLarge(FlowTask task, int count) =>
        new(FlowErrorId.ResultInvalid, $"Task '{task.Slug}' is mapped over {count} elements, and with them the run of flow '{task.Flow.Name}' would have more than the {Limits.MaxTasks} tasks, children and tasks of subflows that a state document can contain. Map over batches of elements, or use several runs.", task.Slug);

    internal static FlowException FlowTooLarge(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has more than {Limits.MaxTasks} tasks, including those of its subflows, and a state document cannot contain more. Divide it into several flows.", flow);

    internal static FlowException MapTooLarge(FlowTask task, int count) =>
        new(FlowErrorId.ResultInvalid, $"Task '{task.Slug}' is mapped over {count} elements, and a task has {Limits.MaxChildren} children at most. Map over batches of elements instead.", task.Slug);

    internal static FlowException TaskExists(Flow flow, string key, FlowTask other) =>
        new(FlowErrorId.TaskExists, $"Flow '{flow.Name}' has a task '{key}' already{(string.Equals(other.Name, key, StringComparison.OrdinalIgnoreCase) ? "" : $" (the slug of '{other.Name}')")}. Names and slugs must be unique in a flow, regardless of case.", flow);

    internal static FlowException TaskLikePart(Flow flow, string key, FlowTask whole, string parts) =>
        new(FlowErrorId.TaskExists, $"Flow '{flow.Name}' cannot have both a task '{key}' and the task '{whole.Slug}', whose {parts} have names of this form, so the name would be ambiguous. Give one of them another name or -Slug.", flow);

    internal static FlowException TaskNotFound(Flow flow, IReadOnlyList<KeyValuePair<FlowTask, string>> unknown) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}': {string.Join("; ", unknown.Select(u => $"task '{u.Key.Slug}' waits for '{u.Value}'"))}, which the flow does not have.{WhatIsMeant(flow, unknown)}",
            flow);

    // Hints for common mistakes: a flow parameter, or a comma-separated list of tasks.
    private static string WhatIsMeant(Flow flow, IReadOnlyList<KeyValuePair<FlowTask, string>> unknown)
    {
        var names = unknown.Select(each => each.Value).ToList();
        if (names.Find(name => flow.Parameters.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } parameter)
            return $" '{parameter}' is a parameter of the flow: to use it, declare it in the script block, param(${parameter}); to map over it, use -MapParameter.";
        return names.Find(name => name.Contains(',') && Array.TrueForAll(name.Split(','), part => flow.Find(part.Trim()) is not null)) is { } list
            ? $" Specify several tasks as a list: {string.Join(", ", list.Split(',').Select(part => $"'{part.Trim()}'"))}."
            : string.Empty;
    }

    /// <summary><see cref="FlowErrorId.TaskNotFound"/>: the flow has no task of this name or slug.</summary>
    public static FlowException TaskNotFound(Flow flow, string name) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}' has no task '{name}'.", name);

    internal static FlowException SelectionKept(FlowState run, string asked) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and continues only with this selection; {asked} was requested. Omit -Task, -Tag and -FromTask to continue it, use -RunId to run a part of it, or start another run.", run);

    internal static FlowException SelectionWider(FlowState run, string asked) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and -RunId cannot extend this selection; {asked} was requested. Start another run, or pass the run itself with -State.", run);

    /// <summary><see cref="FlowErrorId.SelectionInvalid"/>: no task of the flow is selected.</summary>
    public static FlowException SelectionEmpty(Flow flow) =>
        new(FlowErrorId.SelectionInvalid, $"No task of flow '{flow.Name}' matches -Task, -Tag and -FromTask together.", flow);

    internal static FlowException SelectionGone(FlowState run) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is of {Selected(run)}, and the flow no longer has any of these tasks. Start another run.", run);

    internal static FlowException SelectionGap(FlowState run, FlowTask task, FlowTask upstream) =>
        new(FlowErrorId.SelectionInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}': task '{task.Slug}' comes after '{upstream.Slug}', which has not run in this run and is not selected: -FromTask uses earlier results of the given run. Pass the run that has them with -State, -RunId or -Document, or run the task with -FromTask '{upstream.Slug}'.", run);

    /// <summary><see cref="FlowErrorId.SelectionInvalid"/>: a child of a mapped task is selected.</summary>
    public static FlowException SelectedPart(Flow flow, string name) =>
        new(FlowErrorId.SelectionInvalid, $"'{name}' is a part of a mapped task of flow '{flow.Name}', but only whole tasks can be selected: name the task. To run a single child again, use Set-FlowTaskState -Task '{name}' -To Pending -IncludeDownstream.", name);

    /// <summary><see cref="FlowErrorId.TaskNotFound"/>: no task of the flow has the tag.</summary>
    public static FlowException TagNotFound(Flow flow, string tag) =>
        new(FlowErrorId.TaskNotFound, $"Flow '{flow.Name}' has no task with the tag '{tag}'.", tag);

    private static string Selected(FlowState run) => run.Selection is { } selection ? $"its tasks {selection}" : "all its tasks";

    internal static FlowException ChildToDebugNotNamed(string task, int children) => new(FlowErrorId.TaskInvalid, children == 0
        ? $"Task '{task}' is mapped and has no children yet; only children can be debugged."
        : $"Task '{task}' is mapped: name the child to debug, '{task}[0]'{(children > 1 ? $" to '{task}[{children - 1}]'" : string.Empty)}.", task);

    internal static FlowException SubflowToDebug(string task, Flow subflow) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' runs flow '{subflow.Name}' and has no script block: name a task of the subflow, such as '{task}/{(subflow.Tasks.Count > 0 ? subflow.Tasks[0].Slug : "name")}'.", task);

    internal static FlowException InputToDebugNotMade(string task, string upstream, StateType state) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes the result of task '{upstream}', which is {state.Name()} in this run: continue the run until that task has ended.", task);

    internal static FlowException EventToDebugNotKept(string task, string name, bool hasCome) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes the payload of event '{name}', {(hasCome ? "which a run does not keep once the task has ended" : "which has not come in this run")}.", task);

    internal static FlowException InputToDebugNotKept(string task, string upstream) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' takes the result of task '{upstream}', which the run does not contain: it is a secret, or it is missing in the document.", task);

    internal static FlowException OptionOfBlock(string task, string option) => TaskInvalid(task, $"{option} only applies to a script block; specify it for the tasks of the subflow");

    /// <summary><see cref="FlowErrorId.TaskInvalid"/>: a task is not defined as it must be.</summary>
    public static FlowException TaskInvalid(string task, string fault) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': {fault}.", task);

    internal static FlowException ParametersInvalid(Flow flow, IReadOnlyList<ParameterFault> faults)
    {
        var list = string.Concat(faults.Select(f => $"\n  {f.Parameter}: {f.Fault}"));
        var wayOut = flow.Parameters.Count == 0
            ? "The flow has no parameters; declare them with New-Flow -Parameter."
            : $"Its parameters are {string.Join(", ", flow.Parameters)}; set their values with -Parameter @{{ … }} when a run starts.";
        return new(FlowErrorId.ParameterInvalid, $"Flow '{flow.Name}' cannot run with these parameters:{list}\n{wayOut}", flow);
    }

    /// <summary><see cref="FlowErrorId.ParameterInvalid"/>: a run that has started is given parameters.</summary>
    public static FlowException ParametersFixed(Flow flow, string runId) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{runId}' of flow '{flow.Name}' keeps the parameters with which it started; -Parameter is only for a new run.", flow);

    internal static FlowException ParametersDiffer(FlowState run, IEnumerable<string> parameters) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' started with other values of {string.Join(", ", parameters)}, and keeps them. Omit -Parameter to continue it, or use another run id to start a run with these values.", run);

    internal static FlowException SecretsLost(FlowState run) =>
        new(FlowErrorId.ParameterInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' cannot continue separately: {string.Join(", ", run.Identity.LostSecrets)} among its parameters {(run.Identity.LostSecrets.Skip(1).Any() ? "were secrets, which are" : "was a secret, which is")} never written. Run the outer flow instead.", run);

    internal static FlowException StepsUsedUp(FlowState run) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is at step {run.Step}, the last possible step of a run. Start a new run.", run);

    internal static FlowException FlowFrozen(Flow flow, string task) =>
        new(FlowErrorId.Frozen, $"Task '{task}' cannot be added to flow '{flow.Name}': the flow has already run, and cannot change after that. Define a new flow with New-Flow.", flow);

    internal static FlowException RetryFilterFailed(string task, Exception cause) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' is not retried: its -RetryOn block failed: {cause.Message}.", task, cause);

    internal static FlowException RunHandlerFailed(FlowState run, Exception cause) =>
        new(FlowErrorId.HandlerFailed, $"The -OnFailure block of flow '{run.Flow.Name}' failed: {cause.Message}. The run is not changed: {run.Message}", run, cause);

    internal static FlowException NotificationFailed(FlowState run, NotifyReason reason, Exception cause) =>
        new(FlowErrorId.NotificationFailed, $"No notification was sent that run {run.RunId} of flow '{run.Flow.Name}' is {reason}: its -OnNotify block failed at each attempt: {cause.Message}. "
            + $"The run is not changed: {run.Message}", run, cause);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: an address is not that of a webhook.</summary>
    public static FlowException WebhookInvalid() =>
        new(FlowErrorId.FlowInvalid, "The -Uri is not the address of a webhook: use https://… without a user name. The address is not shown, because it may be a secret.", target: null);

    /// <summary><see cref="FlowErrorId.NotificationFailed"/>: a notification could not be sent.</summary>
    public static FlowException NotificationNotSent(string flow, string runId, FlowException cause) =>
        new(FlowErrorId.NotificationFailed, $"No notification was sent about run {runId} of flow '{flow}'. {cause.Message}", runId, cause, cause.IsTransient);

    internal static FlowException TargetZoneUnknown(string target, string zone) =>
        TargetInvalid(target, $"the run started in the time zone '{zone}', which this machine does not know, so a local date could give a different path here. Use dates as text, or in UTC");

    /// <summary><see cref="FlowErrorId.TargetInvalid"/>: a target cannot be used.</summary>
    public static FlowException TargetInvalid(string target, string fault) =>
        new(FlowErrorId.TargetInvalid, $"The target '{target}' cannot be used: {fault}.", target);

    internal static FlowException TargetWithoutStore(string target, string owner) =>
        new(FlowErrorId.TargetInvalid, $"The target '{target}' of {owner} needs a store: specify one with New-Flow -Store or Add-FlowTask -Store.",
            target);

    /// <summary><see cref="FlowErrorId.ResultInvalid"/>: a value nests too deep.</summary>
    public static FlowException ValueTooDeep(int depth) =>
        new(FlowErrorId.ResultInvalid, $"The value nests deeper than {depth} levels, or contains itself. Return a flatter value.");

    internal static FlowException ValueNotWritable(ValueFaultException fault) =>
        new(FlowErrorId.ResultInvalid, $"{(fault.Path.Length == 0 ? "The value" : $"'{fault.Path}' of the value")} cannot be written: {fault.Message}. {fault.Remedy}.", fault.Path, fault);

    /// <summary><see cref="FlowErrorId.ResultInvalid"/>: the result of a task cannot be written.</summary>
    public static FlowException ResultNotWritable(string task, FlowException cause) =>
        new(FlowErrorId.ResultInvalid, $"The result of task '{task}' cannot be written. {cause.Message}", task, cause);

    internal static FlowException ResultNotStored(string task, Exception cause) => new(
        FlowErrorId.StoreFailed,
        $"The result of task '{task}' could not be written: {cause.Message} The step has ended; the task is not changed, and runs again in the next step.",
        task,
        cause);

    internal static FlowException ResultWithoutStore(string location) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' cannot be read: neither its task nor its flow has a store. Specify the store to which it was written with New-Flow -Store or Add-FlowTask -Store.", location);

    internal static FlowException ResultNotKept() =>
        new(FlowErrorId.ResultInvalid, "The result was a secret, which is never written. Run its task again to get it.");

    internal static FlowException ResultMissing(string store, string location) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' is gone from the store '{store}'. Restore it, or run its task and the tasks that failed because of it again: Set-FlowTaskState -Task <task> -To Pending -IncludeDownstream, then another step.", location);

    internal static FlowException ResultInvalid(string store, string location, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The result at '{location}' in the store '{store}' cannot be read: {cause.Message}", location, cause);

    internal static FlowException CacheEntryInvalid(string store, string path, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The cache entry '{path}' in the store '{store}' cannot be read: {cause.Message}", path, cause);

    internal static FlowException ResultFormatMismatch(string form, object value, string wanted) =>
        new(FlowErrorId.ResultInvalid, $"The result is a {value.GetType().Name}, and the serializer {form} takes {wanted}. Return that, or use another -Serializer or another extension in the target.");

    internal static FlowException ResultFileUnreadable(string file, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The result is the file '{file}', which cannot be read: {cause.Message}", file, cause);

    internal static FlowException ResultFileNotCopied(string file, Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"The stored file '{file}' cannot be copied to the folder for temporary files: {cause.Message}", file, cause);

    internal static FlowException SerializerUnknown(string name, IEnumerable<string> known) =>
        new(FlowErrorId.ResultInvalid, $"There is no serializer '{name}'; the serializers are {string.Join(", ", known)}.", name);

    internal static FlowException DocumentTooLarge(FlowState run, int max) =>
        new(FlowErrorId.ResultInvalid, $"The results of run '{run.RunId}' of flow '{run.Flow.Name}' are together larger than the {max} bytes of a state document. Use a store (New-Flow -Store) without -NoCheckpoint, so that each result is a separate object, or return less data.", run.RunId);

    internal static FlowException BytesTooLarge(string task, int limit) =>
        new(FlowErrorId.ResultInvalid, $"The result of task '{task}' has more than {limit / 1024} KiB in an array of bytes, too many for a state document. Specify a store for the flow or the task with -Store.", task);

    internal static FlowException FolderUnfit(string root, string fault) =>
        new(FlowErrorId.StoreFailed, $"The store '{root}' cannot be used: {fault}. Without this, two steps could work on the same run. Use a folder on a local disk, or a store in the cloud; docs/stores.md lists suitable network file systems.", root);

    internal static FlowException LimitDiffers(string store, string path, string tag, int given, int stands) => new(
        FlowErrorId.LimitDiffers,
        $"This script specifies {Places(given)} for tag '{tag}' (New-FlowStore -ConcurrencyLimit), but {store} has {Places(stands)}. All scripts must specify the same number. "
            + $"To change it, change all scripts, and delete '{path}' in the store while none of their runs is active.",
        tag);

    internal static FlowException LimitUnreadable(string store, string path, FlowException cause) => new(
        FlowErrorId.StoreFailed, $"'{path}' in {store}, which contains the concurrency limit of a tag, cannot be read: {cause.Message} Delete it: the next step creates it again.", path, cause);

    internal static FlowException PlaceLost(string tag, string store) => new(
        FlowErrorId.PlaceLost,
        $"The step held a place of tag '{tag}' in {store} but could not renew it in time, because its process was suspended or the store could not be reached, and another step may have the place now. "
            + "The step was stopped. Finished tasks are recorded, and the next step continues.",
        tag);

    private static string Places(int count) => $"{count} {(count == 1 ? "place" : "places")}";

    internal static FlowException RunBusy(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' is being worked on by another step, and was not changed. Try again after that step has ended; if its process died, the run is free after {LeaseOptions.Default.Duration.TotalSeconds} seconds.", run.RunId);

    internal static FlowException FlowBusy(Flow flow) =>
        new(FlowErrorId.StoreConflict, $"A run of flow '{flow.Name}' is being started by another process. Try again to continue it.", flow.Name);

    internal static FlowException RunTakenOver(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' has been taken over by another step. This step has stopped; what it has recorded is kept.", run.RunId);

    internal static FlowException RunRemoved(RunFolder run) =>
        new(FlowErrorId.StoreConflict, $"Run '{run.RunId}' of flow '{run.Flow}' was removed while this step was working on it; nothing of it is kept. A step with the same run id starts a new run.", run.RunId);

    internal static FlowException RunDamaged(string store, RunFolder run, string path, FlowException? fault = null) =>
        new(FlowErrorId.RunDamaged, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' is damaged: '{path}' {(fault is null ? "is missing" : $"cannot be read ({fault.Message})")}. Nothing was changed. Restore the object from a copy, or remove the run: {Removal(store, run)}.", run.RunId, fault);

    internal static FlowException SummaryMissing(string store, RunFolder run) =>
        new(FlowErrorId.RunDamaged, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' is recorded, but its index entry '{run.Open}' or '{run.AllDone}…' is missing. A step of the run, Invoke-FlowStep -RunId '{run.RunId}', restores it; to remove the run: {Removal(store, run)}.", run.RunId);

    internal static FlowException SummaryDamaged(string store, string path, FlowException fault) =>
        new(FlowErrorId.RunDamaged, $"The summary of a run '{path}' in the store '{store}' cannot be read ({fault.Message}), and its run is omitted. {WayOut(store, path)}", path, fault);

    internal static FlowException NoRunYet(FlowState run) =>
        new(FlowErrorId.StateInvalid, $"This state of flow '{run.Flow.Name}' belongs to no run, and is not written: {run.Message} Write, publish and continue a state only if its HasPending is true.", run);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: the flow has no schedule.</summary>
    public static FlowException NoSchedule(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has no schedule. Specify one with New-Flow -Schedule.", flow);

    internal static FlowException ObjectOfAnotherFlow(string flow) => new(FlowErrorId.StateInvalid, $"it is of flow '{flow}'", flow);

    internal static FlowException ScheduleDamaged(string store, string path, FlowException fault) =>
        new(FlowErrorId.RunDamaged, $"The stored schedule of a flow in the store '{store}' is damaged: '{path}' cannot be read ({fault.Message}). Nothing was changed. Restore the object from a copy, or delete it; then no time before the next call is due.", path, fault);

    // An escaped name cannot be reliably recovered from its path.
    private static string WayOut(string store, string path) =>
        RunLocation.OfIndex(path) is { } location && !path.Contains('%')
            ? $"Remove the run, {Removal(store, new(location.EscapedFlow, location.EscapedRunId))}, or delete the object if it belongs to another program."
            : "Delete the object if it belongs to another program, or remove its run by flow name and run id: Remove-FlowRun -Store -FlowName -RunId.";

    internal static FlowException RecordTooOld(string store, RunFolder run) =>
        new(FlowErrorId.RecordVersion, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' was recorded by PrefectPS 0.1.0. This version cannot read that record, and did not change it. Finish the run with 0.1.0, or remove it: {Removal(store, run)}.", run.RunId);

    internal static FlowException RecordTooNew(string store, RunFolder run, int version) =>
        new(FlowErrorId.RecordVersion, $"Run '{run.RunId}' of flow '{run.Flow}' in the store '{store}' has a record of version {version}; this version of PrefectPS reads version {RunHead.RecordVersion}. The run was not changed. Update the module.", run.RunId);

    /// <summary><see cref="FlowErrorId.StoreConflict"/>: the run on record is at a later step than the given state.</summary>
    public static FlowException RunFurtherOn(FlowState stored, FlowState given) =>
        new(FlowErrorId.StoreConflict, $"Run '{given.RunId}' of flow '{given.Flow.Name}' is at step {stored.Step}; this state is of step {given.Step}, and nothing was run. Continue the recorded run: Invoke-FlowStep -Flow $flow -RunId '{given.RunId}'.", given.RunId);

    private static string Removal(string store, RunFolder run) => $"Remove-FlowRun -Store '{store}' -FlowName '{run.Flow}' -RunId '{run.RunId}'";

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store for runs on record.</summary>
    public static FlowException RunWithoutStore(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}' has no store in which to record runs. Specify one with New-Flow -Store.", flow);

    /// <summary><see cref="FlowErrorId.RunNotFound"/>: the store has no record of the run.</summary>
    public static FlowException RunNotFound(string store, string runId) =>
        new(FlowErrorId.RunNotFound, $"The store '{store}' has no record of a run '{runId}'.", runId);

    /// <summary><see cref="FlowErrorId.EventInvalid"/>: an event cannot be taken.</summary>
    public static FlowException EventInvalid(string? name, string fault, Exception? cause = null) =>
        new(FlowErrorId.EventInvalid, $"{(name is null ? "The event" : $"The event '{name}'")} cannot be accepted: {fault.TrimEnd('.')}.", name, cause);

    internal static FlowException EventNameUnknown(Flow flow, string name, IReadOnlyList<string> known) =>
        new(FlowErrorId.EventInvalid, $"No task of flow '{flow.Name}' waits for an event '{name}'. {(known.Count == 0 ? "No task waits for an event: use -WaitForEvent." : $"Its tasks wait for {string.Join(", ", known.Select(each => $"'{each}'"))}.")}", name);

    internal static FlowException EventPayloadInvalid(Flow flow, string name, FlowTask task, IReadOnlyList<ParameterFault> faults) =>
        new(FlowErrorId.EventInvalid, $"The event '{name}' cannot be given to task '{task.Name}' of flow '{flow.Name}', which waits for it:{string.Concat(faults.Select(fault => $"\n  {fault.Parameter}: {fault.Fault}"))}", name);

    /// <summary><see cref="FlowErrorId.RunNotFound"/>: the store has no record of any run of the flow.</summary>
    public static FlowException NoRuns(Flow flow) =>
        new(FlowErrorId.RunNotFound, $"The store '{flow.StoreName}' has no record of a run of flow '{flow.Name}'.", flow);

    internal static FlowException RequestPending(RunFolder run, ControlRequest request) =>
        new(FlowErrorId.RequestPending, $"Run '{run.RunId}' of flow '{run.Flow}' is being worked on, and the request '{request.Id}' ({request.Kind}) was not applied in time. It stays in the run's inbox, and is applied by the step that works on the run, or by the next one. To continue waiting, send it again with -Id '{request.Id}': it is applied once.", request.Id);

    /// <summary><see cref="FlowErrorId.RunNotOnRecord"/>: a request is sent to a run that is not on record.</summary>
    public static FlowException RunNotOnRecord(string runId, string flow) =>
        new(FlowErrorId.RunNotOnRecord, $"Run '{runId}' of flow '{flow}' is not recorded, so no other process could receive the request. Specify a store with New-Flow -Store; to stop a run that is only a state object, do not pass it on.", runId);

    internal static FlowException UndoFailed(FlowTask task, string path, string why, Exception? cause) =>
        new(FlowErrorId.UndoFailed, $"Task '{path}' could not be undone: {why.TrimEnd('.')}. The tasks that it needs are not undone. Fix the cause, and call Undo-FlowRun again.", task, cause);

    internal static FlowException UndoWithoutResult(FlowTask task, string path) =>
        new(FlowErrorId.ResultInvalid, $"the result of task '{path}' is a secret, which earlier steps did not keep", task);

    internal static FlowException RestartWithoutRecord(FlowTask task, string path) =>
        new(FlowErrorId.RunNotOnRecord, $"Task '{path}' requested a restart of the computer, but the run is not recorded and could not continue afterwards. Specify a store that survives the restart with New-Flow -Store.", task);

    internal static FlowException RestartElsewhere(FlowTask task, string path, string computer, string own) =>
        new(FlowErrorId.RestartFailed, $"Task '{path}' requested a restart of computer '{computer}', where a worker ran it, but a step can only restart its own computer, '{own}'. Use -RestartComputer in a task that runs there.", task);

    /// <summary><see cref="FlowErrorId.RestartFailed"/>: a computer could not be restarted.</summary>
    public static FlowException RestartFailed(FlowState run, string computer, string why, Exception cause) =>
        new(FlowErrorId.RestartFailed, $"Computer '{computer}' could not be restarted: {why.TrimEnd('.', ' ', '\r', '\n')}. Run '{run.RunId}' is recorded and intact: restart the computer manually, or run the next step without a restart.", run, cause);

    /// <summary><see cref="FlowErrorId.RunNotOnRecord"/>: the log of a run that is not on record is asked for.</summary>
    public static FlowException RunWithoutLog(FlowState run) =>
        new(FlowErrorId.RunNotOnRecord, $"Run '{run.RunId}' of flow '{run.Flow.Name}' is not recorded and has no log. Specify a store with New-Flow -Store, or use -Verbose while the run is in progress.", run.RunId);

    /// <summary><see cref="FlowErrorId.RunStopped"/>: the run was stopped.</summary>
    public static FlowException RunStopped(FlowState run) =>
        new(FlowErrorId.RunStopped, $"Run '{run.RunId}' of flow '{run.Flow.Name}' was stopped by {run.RequestedBy}{(run.Reason is null ? string.Empty : $" ({run.Reason})")}. To continue it, use Resume-FlowRun -Force, or set one of its tasks: Set-FlowTaskState -Task.", run.RunId);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: a text cannot be the id of a run.</summary>
    public static FlowException RunIdInvalid(string runId) =>
        new(FlowErrorId.FlowInvalid, $"'{runId}' is not a valid run id: use 1 to {Limits.MaxRunIdLength} characters, without control characters and unpaired surrogates.", runId);

    /// <summary><see cref="FlowErrorId.ChannelFailed"/>: the listener cannot listen at an address.</summary>
    public static FlowException ListenerFailed(string prefix, string reason, Exception? cause = null) =>
        new(FlowErrorId.ChannelFailed, $"The listener cannot listen at '{prefix}': {reason.TrimEnd('.')}. Use an address such as http://+:8080/ with a port that is free and allowed.", prefix, cause);

    internal static FlowException MessageOfOtherFlow(FlowMessage message, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The message belongs to flow '{message.Flow}', not '{flow.Name}'. Use a separate channel for each flow, or check the message's Flow before you run it.", message);

    internal static FlowException MessageIncomplete(FlowMessage message, string fault) =>
        new(FlowErrorId.StateInvalid, $"The message '{message}' is refused: it was truncated, {fault}. A message starts a run only if it names neither a run nor a step, and is a space or a request without a body.", message);

    internal static FlowException ReferenceWithoutStore(string location) =>
        new(FlowErrorId.StateInvalid, $"The state document is at '{location}' in a store, but the flow has none: specify the store of the sender with New-Flow -Store.", location);

    internal static FlowException ReferenceMissing(string store, string location) =>
        new(FlowErrorId.StoreFailed, $"The state document that the message refers to is gone from the store '{store}': '{location}'.", location);

    internal static FlowException ReferenceAltered(string store, string location) =>
        new(FlowErrorId.StateTampered, $"The state document '{location}' in the store '{store}' is not the document of the message: its hash differs.", location);

    internal static FlowException StateInvalid(string fault, string path, long line, long column, string? inside = null, Exception? cause = null) =>
        new(FlowErrorId.StateInvalid, $"The state document is not valid: at {path} (line {line}, byte {column}{(inside is null ? string.Empty : $", inside {inside}")}) {fault}.",
            path, cause);

    internal static FlowException StateUnreadable(string fault, Exception? cause = null) =>
        new(FlowErrorId.StateInvalid, $"The state document cannot be read: {fault}.", target: null, cause);

    internal static FlowException StateOfAnotherFlow(string name, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The state document belongs to flow '{name}', not to '{flow.Name}'. Pass the flow for which it was written. If the flow was renamed, change the name in the document too.", flow);

    internal static FlowException RunNamesAlike(string store, RunFolder run, RunFolder other) =>
        new(FlowErrorId.FlowInvalid, $"Run '{run.RunId}' of flow '{run.Flow}' cannot be in the store '{store}', which is not case-sensitive and already has run '{other.RunId}' of flow '{other.Flow}'. Use an id that differs in more than case.", run.RunId);

    internal static FlowException ObjectOfAnotherRun(string? flow, string? runId) =>
        new(FlowErrorId.StateInvalid, $"it is of run '{runId}' of flow '{flow}'", runId);

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state document is of another run than the chosen one.</summary>
    public static FlowException StateOfAnotherRun(string runId, string chosen) =>
        new(FlowErrorId.StateInvalid, $"The state document belongs to run '{runId}', not to '{chosen}'. Omit -RunId, which is only for documents without a run id, and for new runs.", runId);

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state document is empty.</summary>
    public static FlowException StateEmpty(string? inside = null) =>
        new(FlowErrorId.StateInvalid, $"The state document{(inside is null ? string.Empty : $" inside {inside}")} is empty: its source was truncated, or was written too early. Pass $null, or nothing, to start a new run.");

    /// <summary><see cref="FlowErrorId.StateInvalid"/>: a state file is empty.</summary>
    public static FlowException StateFileEmpty(string file) =>
        new(FlowErrorId.StateInvalid, $"The state file '{file}' is empty: a write was truncated. Restore its last copy, or delete it to start a new run.", file);

    internal static FlowException StateOfOtherFlow(string? name, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"The state document is compact and identifies tasks by position, so it can only be read with exactly the flow for which it was written. {(name == flow.Name ? $"Flow '{name}' has changed since" : $"It belongs to flow '{name}', not to '{flow.Name}'")}. To allow changes of the flow, write it with ConvertFrom-FlowState -Compact -MatchBySlug, or without -Compact.", flow);

    internal static FlowException StateTampered(string fault, Exception? cause = null) =>
        new(FlowErrorId.StateTampered, $"The state document cannot be trusted: {fault}.", target: null, cause);

    internal static FlowException SigningKeyTooShort(string id, int min) =>
        new(FlowErrorId.SigningKeyInvalid, $"The key '{id}' is too short: a signing key has at least {min} bytes, preferably 32 random ones.", id);

    internal static FlowException SigningKeyUnknown(string id, IEnumerable<string> known) =>
        new(FlowErrorId.SigningKeyInvalid, $"There is no signing key '{id}'; the given keys are {string.Join(", ", known)}.", id);

    internal static FlowException FlowChanged(Flow flow, string changes) =>
        new(FlowErrorId.FlowChanged, $"{changes} Use -OnChange Warn to continue with the states as they are, or -OnChange RerunChanged to run changed tasks again.", flow);

    internal static FlowException PayloadTooLarge(int bytes, int max, bool hasStore) =>
        new(
            FlowErrorId.ResultInvalid,
            $"A value of {bytes} bytes is too large to be sent between a worker and the step; the limit of a message is {max}. "
            + $"{(hasStore ? "It contains a secret, which is never stored: send less data" : "Specify a store that both can access (New-Flow -Store), to pass such values through it")}.");

    internal static FlowException PayloadWithoutStore() =>
        new(FlowErrorId.ResultInvalid, "A value was sent through the flow's store, but the flow has no store in this process. Use the same New-Flow -Store on the worker and in the step.");

    internal static FlowException PayloadMissing(string store, string location) =>
        new(FlowErrorId.ResultInvalid, $"A value was sent through the flow's store, but is not in the store of this process, '{store}'. Worker and step have different stores, such as a path that is a different folder on each, or the run was removed. Use the same New-Flow -Store for both.", location);

    internal static FlowException PayloadUnreadable(Exception cause) =>
        new(FlowErrorId.ResultInvalid, $"A value that was sent between a worker and the step cannot be read: {cause.Message}.", target: null, cause);

    internal static FlowException WorkerLacksTask(string flow, string task) =>
        new(FlowErrorId.TaskNotFound, $"The worker has no flow '{flow}' of this version with a task '{task}'. Start it with the script that runs the flow.", task);
}
