using PrefectPS.Cluster;
using PrefectPS.Commands;
using PrefectPS.Diagrams;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS;

/// <summary>The texts of the module's errors.</summary>
internal static class ModuleErrors
{
    public static FlowException FlowRequired(string task) =>
        new(FlowErrorId.FlowRequired, $"Task '{task}' has no flow. Specify one: Add-FlowTask $flow {task} {{ … }}, or call it inside New-Flow <name> {{ … }}.", task);

    public static FlowException OneBodyRequired(string task, bool isGiven) =>
        FlowErrors.TaskInvalid(task, isGiven ? "it has both a script block and -Subflow; specify only one"
            : "it has nothing to do: specify a script block in braces, task <name> { … }, not a text, or a flow with -Subflow");

    public static FlowException TextForBody(string task, string text) =>
        FlowErrors.TaskInvalid(task, $"it has nothing to do: specify a script block in braces, task <name> {{ … }}, not a text: task {task} {{ {text} }}");

    public static FlowException RowInvalid(FlowException fault, int index, string name) =>
        new(fault.Id, $"Row {index + 1} of -Task{(name.Length == 0 ? string.Empty : $", '{name}'")}: {fault.Message}", fault.Target, fault);

    public static FlowException RowEntryUnknown(string flow, string key, IEnumerable<string> known) =>
        FlowErrors.FlowInvalid(flow, $"'{key}' is not a parameter of Add-FlowTask for rows; these are {string.Join(", ", known)}");

    public static FlowException NameRequired(string flow) =>
        FlowErrors.FlowInvalid(flow, "a task needs a name: task load { … }, or as a row, @{ Name = 'load'; ScriptBlock = { … }; After = 'fetch' }");

    public static FlowException RowValueInvalid(string flow, string parameter, Exception cause) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': its {parameter} is not valid for Add-FlowTask -{parameter}: {cause.Message}", parameter, cause);

    public static FlowException TablePiped() =>
        new(FlowErrorId.FlowInvalid, "Add-FlowTask does not accept hashtables from the pipeline, because PowerShell binds only properties of objects. Pass a list of them to New-Flow, New-Flow <name> -Task $rows, or convert them to objects: [pscustomobject] @{ … }.");

    public static FlowException FlowRequiredForState(string cmdlet) =>
        new(FlowErrorId.FlowRequired, $"A state document contains the states of tasks, not their definitions. Specify the flow: {cmdlet} -Flow $flow.");

    public static FlowException FlowRequiredForRecord(FlowRun run) =>
        new(FlowErrorId.FlowRequired, $"Run '{run.RunId}' of flow '{run.Flow}' was found without its flow, which defines its tasks. Find it with the flow: Get-FlowRun $flow -RunId '{run.RunId}'.", run);

    public static FlowException RunOfOtherFlow(FlowRun run, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' is of flow '{run.Flow}' in the store '{run.Store}', not of flow '{flow.Name}'{(flow.Store is { } store ? $" in the store '{store.Name}'" : ", which has no store")}. Pass the flow with which it was started, with its store.", run);

    public static FlowException StateOfOtherFlow(FlowState run, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' is of flow '{run.Flow.Name}', not of '{flow.Name}'. Pass the flow with which it was started.", run);

    public static FlowException SeveralToDebug(string given, string one, string other) =>
        new(FlowErrorId.TaskInvalid, $"'{given}' names more than one task of the run, such as '{one}' and '{other}': name one, without wildcards.", given);

    public static FlowException NoTasks(object? source) =>
        new(FlowErrorId.FlowRequired, $"'{source}' has no tasks: pass a flow or a run.", source);

    public static FlowException NoResults(object? source) =>
        new(FlowErrorId.StateInvalid, $"'{source}' has no results: pass a run, or a task of a run with its state.", source);

    public static FlowException RunIdWithoutFlow(object? given) =>
        new(FlowErrorId.StateInvalid, $"-RunId selects a run of a flow, and '{given}' is not a flow: omit -RunId, or pass the flow.", given);

    public static FlowException LogWithoutTask(FlowState run, string name) =>
        new(FlowErrorId.TaskNotFound, $"Run '{run.RunId}' of flow '{run.Flow.Name}' has no task '{name}', and so no log of it. {TasksOf(run.Flow)}", name);

    public static FlowException NoRun(object? source) =>
        new(FlowErrorId.StateInvalid, $"{(source is null ? "$null" : $"'{JsonTokens.Shorten($"{source}")}'")} is not a run: pass the output of Invoke-Flow, Invoke-FlowStep or ConvertTo-FlowState, or a recorded run from Get-FlowRun.", source);

    public static FlowException IdleForAlone() =>
        new(FlowErrorId.FlowInvalid, "-IdleFor requires -Overdue: it specifies how long nobody has continued an overdue run.", target: null);

    public static FlowException LinkInvalid(string title) =>
        new(FlowErrorId.FlowInvalid, $"The -Link '{title}' is not the address of a page, such as https://….", title);

    public static FlowException NoStates(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"The tasks of flow '{flow.Name}' have no states to select by. Pass a run, which Invoke-FlowStep and ConvertTo-FlowState return.",
            flow);

    public static FlowException ParameterNotFound(string task, string parameter, IEnumerable<string> existing) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block has no parameter '{parameter}'; it has {(string.Join(", ", existing) is { Length: > 0 } names ? names : "none: start it with param(...)")}.", task);

    public static FlowException MandatoryParameterNotGiven(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block has the mandatory parameter '{parameter}', and nothing provides it: use -InputFrom, -Argument, -Map or -MapArgument, or declare a parameter of the flow.", task);

    public static FlowException SecretForOtherType(string task, string parameter, Type type) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': the parameter '{parameter}' receives a secret from -SecretFrom, but its type [{type.Name}] does not protect it: declare it as [pscredential] or [securestring].", task);

    public static FlowException SecretNotFound(string name, IReadOnlyList<string> said) =>
        new(FlowErrorId.SecretNotFound, $"There is no secret '{name}': {(said.Count == 0 ? "this session has neither Get-Secret nor the cmdlets of Azure Automation" : string.Join("; ", said))}, and there is no environment variable of that name. Add it to a vault (Set-Secret), as an asset of the Automation account, or as that variable.", name);

    public static FlowException SecretIsNoCredential(string name) =>
        new(FlowErrorId.SecretNotFound, $"The secret '{name}' is a text without a user name, but the task takes a [pscredential]: store a credential, or a text such as user:password, or declare the parameter as [securestring].", name);

    public static FlowException SecretOfOtherKind(string name, Type type) =>
        new(FlowErrorId.SecretNotFound, $"The secret '{name}' has the type [{type.Name}]; a task accepts a credential, a secure string or a text.", name);

    public static FlowException MandatoryParameterWithoutEvent(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block has the mandatory parameter '{parameter}', which only its event provides, but with -WaitTimeoutAction Run it may run without the event. Use a default instead of Mandatory, or Fail or Skip.", task);

    public static FlowException MandatoryParameterLacksEvent(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' continues without its event, but its script block has the mandatory parameter '{parameter}', which only the event provides. Set the task to Pending and send the event, or give the parameter a default.", task);

    public static FlowException EventNotKept(FlowState run, string name) =>
        new(FlowErrorId.EventInvalid, $"The event '{name}' was not kept: run '{run.RunId}' of flow '{run.Flow.Name}' has {run.Identity.Control.Events.Count} that no task has taken, and the limit is {RunEvent.MaxKept} events or 1 MiB.", name);

    public static FlowException EventLinkInvalid(string fault) => new(FlowErrorId.EventLinkInvalid, $"The link cannot be created: {fault}.");

    public static FlowException SetupUsesVariable(string flow, string variable) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': its -InitializationScript uses $using:{variable}, but must be the same in each runspace. Use the variable in the tasks instead.", flow);

    public static FlowException SetupFailed(string flow, string what, string message, string? place) =>
        new(FlowErrorId.SetupFailed, $"Flow '{flow}': {what} failed{(place is null ? string.Empty : $" at {place}")}: {message}", flow);

    public static FlowException ConditionParameterNotGiven(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its -When block has a parameter '{parameter}', for which neither -InputFrom nor -Argument nor a parameter of the flow provides a value.", task);

    public static FlowException ConditionUsesParameter(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its -When block has a parameter '{parameter}', and also uses the caller's $using:{parameter}; rename one of them.", task);

    public static FlowException ParameterDefinitionUnknown(string flow, object given) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': -Parameter accepts a block, {{ param(…) }}, or a hashtable of names and defaults, not '{given}'.", given);

    public static FlowException ParameterBlockHasStatements(string flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': the block of -Parameter may only contain a param block: {{ param([string] $Name, …) }}.", flow);

    public static FlowException ParameterTwice(string flow, string parameter) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': -Parameter has the parameter '{parameter}' twice. Names must be unique, regardless of case.", flow);

    public static FlowException ParameterIsSecret(string flow, string parameter) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': the parameter '{parameter}' is a secret, which cannot be a parameter of a run, because secrets are never written to a state document. Use Add-FlowTask -SecretFrom for the task that needs it.", flow);

    public static FlowException SignalUnknown() =>
        new(FlowErrorId.TaskInvalid, "Send-FlowSignal needs a signal: use one of -Fail, -TriggerFail, -ValidationFail, -Skip, -Success, -Retry, -Pause, -Loop, -EndRun.");

    public static FlowException ThrottleInvalid(object? limit) =>
        new(FlowErrorId.FlowInvalid, $"-ThrottleLimit accepts a number of at least 1, or a hashtable of tags and such numbers, not '{limit}'.", limit);

    public static FlowException StoreUnknown(string store, string scheme, IEnumerable<string> schemes) =>
        ProviderErrors.StoreInvalid(store, $"there is no provider for '{scheme}'. Use a folder, or an address that starts with file:, memory:, {string.Join(", ", schemes.Select(each => $"{each}://"))}. For a store of another module, give the store that its command, or New-FlowStore -Provider, returns");

    public static FlowException NoStore(object? given) =>
        new(FlowErrorId.FlowInvalid, $"A store is required, not {PlainText.Describe(given)}. Pass an address, the output of New-FlowStore, or a flow or run with a store.", given);

    public static FlowException NoChannel(object? given) =>
        new(FlowErrorId.FlowInvalid, $"A channel is required, not {PlainText.Describe(given)}. Pass an address, or the output of New-FlowChannel.", given);

    public static FlowException ChannelUnknown(string channel, string scheme, IEnumerable<string> known) =>
        ProviderErrors.ChannelInvalid(channel,
            $"there is no provider for '{scheme}'. Use a folder, or an address that starts with {string.Join(", ", known.Select(each => each + "://"))}. "
            + "For a channel of another module, give the channel that its command, or New-FlowChannel -Provider, returns");

    public static FlowException ProviderUnfit(object given, Type contract, Type? otherCopy) =>
        new(FlowErrorId.FlowInvalid, otherCopy is null
            ? $"-Provider takes an object that implements {contract.FullName}, and {given.GetType().FullName} does not."
            : $"-Provider cannot take {given.GetType().FullName}: it implements {contract.Name} of another copy of PrefectPS.Engine ('{otherCopy.Assembly.Location}'), not of that of this module "
                + $"('{contract.Assembly.Location}'). Remove PrefectPS.Engine.dll from the module that it comes from, and start a new session: that module is then bound to the engine of PrefectPS.",
            given);

    public static FlowException ListenerWithoutChannel(string flow) =>
        new(FlowErrorId.FlowInvalid, $"The listener has no place to send the next message of flow '{flow}'. Specify -Channel, or a -Handler.",
            flow);

    public static FlowException ListenerCheckUnclear() =>
        new(FlowErrorId.FlowInvalid, "Specify one way to authenticate callers: -Secret, -SigningKey, -Audience for OIDC tokens, or -Anonymous for everyone. With only -LinkSigningKey, the listener only serves links.");

    public static FlowException NothingToPublish(object given) =>
        new(FlowErrorId.StateInvalid, $"'{given}' cannot be published: pass a run, or a state document as text or bytes.", given);

    public static FlowException StoreOptionUnfit(string store, string option) =>
        ProviderErrors.StoreInvalid(store, $"-{option} does not apply to this kind of store");

    public static FlowException ChannelOptionUnfit(string channel, string option) =>
        ProviderErrors.ChannelInvalid(channel, $"-{option} does not apply to this kind of channel");

    public static FlowException StoreNotFileSystem(string store) =>
        new(FlowErrorId.FlowInvalid, $"The store '{store}' is not a folder of the file system.", store);

    public static FlowException FileNotInFileSystem(string path) =>
        new(FlowErrorId.ExportFailed, $"'{path}' is not a file or folder of the file system.", path);

    public static FlowException StateFileNotInFileSystem(string path) =>
        new(FlowErrorId.ImportFailed, $"'{path}' is not a file of the file system.", path);

    public static FlowException StateFileIsFolder(string path, string errorId) =>
        new(errorId, $"'{path}' is a folder. Specify the file that contains the state document.", path);

    public static FlowException StateFolderMissing(string file, string folder) =>
        new(FlowErrorId.ImportFailed, $"The state file '{file}' cannot be read: there is no folder '{folder}'. A run starts only if the folder exists and the file does not; create the folder, or mount its drive.", file);

    public static FlowException StateFileWithWildcards(string path) =>
        new(FlowErrorId.ImportFailed, $"There is no file '{path}', and wildcards are not expanded. Specify one file.", path);

    public static FlowException StateFileUnreadable(string file, Exception cause) =>
        new(FlowErrorId.ImportFailed, $"The state file '{file}' cannot be read: {cause.Message}", file, cause);

    public static FlowException RunFailed(string flow, string runId, StateType state, string details, object run) =>
        new(FlowErrorId.RunFailed, $"Run '{runId}' of flow '{flow}' {(state == StateType.Cancelled ? "was cancelled" : "failed")}. {details}", run);

    public static FlowException FileExists(string file) =>
        new(FlowErrorId.ExportFailed, $"The file '{file}' already exists, and -NoClobber is specified.", file);

    public static FlowException FileNotWritten(string file, Exception cause) =>
        new(FlowErrorId.ExportFailed, $"The file '{file}' cannot be written: {cause.Message}", file, cause);

    public static FlowException ClixmlHoldsSecret() =>
        new(FlowErrorId.ResultInvalid, "The result contains a secret (SecureString, PSCredential), which is never written. Use -Sensitive for the task, or leave the secret out.");

    public static FlowException ClixmlLosesType(object value, object back) =>
        new(FlowErrorId.ResultInvalid, $"The result contains a value that CLIXML does not preserve: {ClixmlDifference.Of(value, back)}. Use -Serializer Json, or return values that CLIXML preserves.");

    public static FlowException DiagramFormatUnknown(string file) =>
        new(FlowErrorId.ExportFailed, $"The extension of '{file}' does not identify a diagram format: use one of {string.Join(", ", DiagramWriter.Extensions)}, or -Format.", file);

    public static FlowException RunOfAnotherFlow(Flow flow, FlowState run) =>
        new(FlowErrorId.StateInvalid, $"The run '{run.RunId}' belongs to another definition of flow '{run.Flow.Name}' than the given '{flow.Name}': their tasks differ. Pass only the run.", run);

    public static FlowException DifferentRuns() =>
        new(FlowErrorId.StateInvalid, "The task states belong to different flows or runs; pass those of one run at a time.");

    public static FlowException ChildWithoutTask(string slug) =>
        new(FlowErrorId.StateInvalid, $"'{slug}' is a child of a mapped task and is part of it. Pass the tasks, or change the children in the run: $run | Set-FlowTaskState.",
            slug);

    public static FlowException SigningKeyInvalid(string fault) => new(FlowErrorId.SigningKeyInvalid, $"The key cannot be used: {fault}.");

    public static FlowException MixedInput(string first, string other) =>
        new(FlowErrorId.StateInvalid, $"The input mixes {first} and {other}; pass one document at a time.");

    public static FlowException MockIsNoBlock(string task, object? value) =>
        new(FlowErrorId.TaskInvalid, $"-Mock: the mock of task '{task}' must be a script block, such as {{ 1, 2, 3 }}; it is {(value is null ? "null" : $"of type {value.GetType().Name}")}.", value);

    public static FlowException MockedTaskNotFound(Flow flow, string name) =>
        new(FlowErrorId.TaskNotFound, $"-Mock: flow '{flow.Name}' has no task '{name}'. A task of a subflow is specified by its path, such as load/read. {TasksOf(flow)}", name);

    public static FlowException MockOnCluster(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}': -Mock only works in this process, not on the workers of a cluster. Omit -Cluster.", flow);

    public static FlowException StoreWithoutTrial(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}': -Store of Invoke-Flow requires -Mock or -SkipWait. Otherwise, specify the store with New-Flow -Store.", flow);

    public static FlowException ClusterNotEncrypted(FlowCluster cluster, FlowTask task, string what) =>
        new(FlowErrorId.ClusterFailed, $"Task '{task.Slug}' {what}, and secrets are only sent to workers over encrypted connections. Use New-FlowCluster -Certificate for the cluster '{cluster}', here and on the workers.", task);

    public static FlowException ClusterNeedsPowerShell7() =>
        new(FlowErrorId.ClusterFailed, "Workers and clusters need PowerShell 7.4 or later; this is Windows PowerShell. Start pwsh, and run the script there.");

    public static FlowException ClusterFailureTimeout(FlowCluster cluster, TimeSpan shortest, TimeSpan longest) =>
        new(FlowErrorId.FlowInvalid, $"-FailureTimeout {cluster.FailureTimeout} is not between {shortest} and {longest}: a shorter time would declare healthy workers dead, and a longer one would detect dead workers too late. A plain number is in seconds.", cluster);

    public static FlowException ClusterCertificateWithoutKey(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The certificate for the cluster '{cluster}' has no private key, with which a worker proves that it belongs to the cluster. Load it with the key: Get-PfxCertificate, or Get-Item Cert:\\CurrentUser\\My\\<thumbprint>.", cluster);

    public static FlowException ClusterUnknown(object? given) =>
        new(FlowErrorId.FlowInvalid, $"'{given}' is not a cluster. Use an address (localhost, redis://host:6379, postgres://host/database, sqlserver://host/database, aztable://account) or what New-FlowCluster returns.", given);

    private static string TasksOf(Flow flow)
    {
        const int most = 10;
        var tasks = flow.Tasks;
        return tasks.Count == 0 ? "It has no tasks."
            : $"Its tasks are {string.Join(", ", tasks.Take(most).Select(task => task.Slug))}{(tasks.Count > most ? $" and {tasks.Count - most} more" : string.Empty)}.";
    }
}
