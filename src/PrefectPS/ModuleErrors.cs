using PrefectPS.Cluster;
using PrefectPS.Commands;
using PrefectPS.Diagrams;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS;

/// <summary>The texts of the errors that only the module knows.</summary>
internal static class ModuleErrors
{
    public static FlowException FlowRequired(string task) =>
        new(FlowErrorId.FlowRequired, $"Task '{task}' has no flow to be added to. Give one: Add-FlowTask $flow {task} {{ … }}, or call it inside New-Flow <name> {{ … }}.", task);

    public static FlowException OneBodyRequired(string task, bool isGiven) =>
        FlowErrors.TaskInvalid(task, isGiven ? "it is given both a script block and -Subflow; a task does one thing"
            : "it has nothing to do: give it a script block in braces, task <name> { … }, which no text can stand in for, or a flow with -Subflow");

    public static FlowException TextForBody(string task, string text) =>
        FlowErrors.TaskInvalid(task, $"it has nothing to do: give it a script block in braces, task <name> {{ … }}, which no text can stand in for: task {task} {{ {text} }}");

    public static FlowException RowInvalid(FlowException fault, int index, string name) =>
        new(fault.Id, $"Row {index + 1} of -Task{(name.Length == 0 ? string.Empty : $", '{name}'")}: {fault.Message}", fault.Target, fault);

    public static FlowException RowEntryUnknown(string flow, string key, IEnumerable<string> known) =>
        FlowErrors.FlowInvalid(flow, $"'{key}' is no parameter of Add-FlowTask that a row can have; those are {string.Join(", ", known)}");

    public static FlowException NameRequired(string flow) =>
        FlowErrors.FlowInvalid(flow, "a task needs a name: task load { … }, or as a row, @{ Name = 'load'; ScriptBlock = { … }; After = 'fetch' }");

    public static FlowException RowValueInvalid(string flow, string parameter, Exception cause) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': its {parameter} is not what Add-FlowTask -{parameter} takes: {cause.Message}", parameter, cause);

    public static FlowException TablePiped() =>
        new(FlowErrorId.FlowInvalid, "A hashtable that is piped to Add-FlowTask gives it nothing: PowerShell binds the properties of objects alone. Give New-Flow a list of them, New-Flow <name> -Task $rows, or make objects of them: [pscustomobject] @{ … }.");

    public static FlowException FlowRequiredForState(string cmdlet) =>
        new(FlowErrorId.FlowRequired, $"A state document says which tasks have run, not what they do. Give the flow: {cmdlet} -Flow $flow.");

    public static FlowException FlowRequiredForRecord(FlowRun run) =>
        new(FlowErrorId.FlowRequired, $"Run '{run.RunId}' of flow '{run.Flow}' was found without its flow, which says what its tasks are. Find it with the flow: Get-FlowRun $flow -RunId '{run.RunId}'.", run);

    public static FlowException RunOfOtherFlow(FlowRun run, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' is of flow '{run.Flow}' in the store '{run.Store}', not of flow '{flow.Name}'{(flow.Store is { } store ? $" in the store '{store.Name}'" : ", which has no store")}. Give the flow that it was begun with, and its store.", run);

    public static FlowException StateOfOtherFlow(FlowState run, Flow flow) =>
        new(FlowErrorId.StateInvalid, $"Run '{run.RunId}' is of flow '{run.Flow.Name}', not of '{flow.Name}'. Give the flow that it was begun with.", run);

    public static FlowException SeveralToDebug(string given, string one, string other) =>
        new(FlowErrorId.TaskInvalid, $"'{given}' names more than one task of the run, such as '{one}' and '{other}': name one, without wildcards.", given);

    public static FlowException NoTasks(object? source) =>
        new(FlowErrorId.FlowRequired, $"'{source}' has no tasks: give a flow, or a run of one.", source);

    public static FlowException NoResults(object? source) =>
        new(FlowErrorId.StateInvalid, $"'{source}' has no results: give a run, or a task of one with its state.", source);

    public static FlowException RunIdWithoutFlow(object? given) =>
        new(FlowErrorId.StateInvalid, $"-RunId chooses among the runs of a flow, and '{given}' is none: leave -RunId out, or give the flow.", given);

    public static FlowException LogWithoutTask(FlowState run, string name) =>
        new(FlowErrorId.TaskNotFound, $"Run '{run.RunId}' of flow '{run.Flow.Name}' has no task '{name}', and its log no line of one. {TasksOf(run.Flow)}", name);

    public static FlowException NoRun(object? source) =>
        new(FlowErrorId.StateInvalid, $"{(source is null ? "$null" : $"'{JsonTokens.Shorten($"{source}")}'")} is no run: give one that Invoke-Flow, Invoke-FlowStep or ConvertTo-FlowState returned, or one on record, as Get-FlowRun gets it.", source);

    public static FlowException IdleForAlone() =>
        new(FlowErrorId.FlowInvalid, "-IdleFor says for how long nobody has gone on with a run that is -Overdue, which is not given.", target: null);

    public static FlowException LinkInvalid(string title) =>
        new(FlowErrorId.FlowInvalid, $"The -Link '{title}' is no address of a page, as https://….", title);

    public static FlowException NoStates(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"The tasks of flow '{flow.Name}' have no states to choose by; those of a run have: Invoke-FlowStep and ConvertTo-FlowState return one.",
            flow);

    public static FlowException ParameterNotFound(string task, string parameter, IEnumerable<string> existing) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block has no parameter '{parameter}'; it has {(string.Join(", ", existing) is { Length: > 0 } names ? names : "none: begin it with param(...)")}.", task);

    public static FlowException MandatoryParameterNotGiven(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block demands the parameter '{parameter}', and nothing supplies it: give it by -InputFrom, -Argument, -Map or -MapArgument, or declare a parameter of the flow.", task);

    public static FlowException SecretForOtherType(string task, string parameter, Type type) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': -SecretFrom gives the parameter '{parameter}' a secret, and its type [{type.Name}] keeps none: declare it as [pscredential] or [securestring].", task);

    public static FlowException SecretNotFound(string name, IReadOnlyList<string> said) =>
        new(FlowErrorId.SecretNotFound, $"There is no secret '{name}': {(said.Count == 0 ? "this session has neither Get-Secret nor the cmdlets of Azure Automation" : string.Join("; ", said))}, and no environment variable is called so. Put it in a vault (Set-Secret), an asset of the Automation account, or that variable.", name);

    public static FlowException SecretIsNoCredential(string name) =>
        new(FlowErrorId.SecretNotFound, $"The secret '{name}' is a text without a user's name, and the task takes a [pscredential]: keep a credential there, or a text such as user:password, or declare the parameter as [securestring].", name);

    public static FlowException SecretOfOtherKind(string name, Type type) =>
        new(FlowErrorId.SecretNotFound, $"The secret '{name}' is of the type [{type.Name}], and a task takes a credential, a secure string or a text.", name);

    public static FlowException MandatoryParameterWithoutEvent(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its script block demands the parameter '{parameter}', which its event alone supplies; with -WaitTimeoutAction Run it may have to run without. Give the parameter a default in place of Mandatory, or choose Fail or Skip.", task);

    public static FlowException MandatoryParameterLacksEvent(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}' goes on without its event, and its script block demands the parameter '{parameter}', which that would have brought. Set the task to Pending, and send the event, or give the parameter a default.", task);

    public static FlowException EventNotKept(FlowState run, string name) =>
        new(FlowErrorId.EventInvalid, $"The event '{name}' was not kept: run '{run.RunId}' of flow '{run.Flow.Name}' has {run.Identity.Control.Events.Count} that no task has taken, and keeps {RunEvent.MaxKept}, or 1 MiB, of them.", name);

    public static FlowException EventLinkInvalid(string fault) => new(FlowErrorId.EventLinkInvalid, $"The link cannot be made: {fault}.");

    public static FlowException SetupUsesVariable(string flow, string variable) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': its -InitializationScript names $using:{variable}; it makes the same of every runspace, and takes nothing along. Name it in the tasks.", flow);

    public static FlowException SetupFailed(string flow, string what, string message, string? place) =>
        new(FlowErrorId.SetupFailed, $"Flow '{flow}': {what} failed{(place is null ? string.Empty : $" at {place}")}: {message}", flow);

    public static FlowException ConditionParameterNotGiven(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its -When block has a parameter '{parameter}', for which neither -InputFrom nor -Argument nor a parameter of the flow gives a value.", task);

    public static FlowException ConditionUsesParameter(string task, string parameter) =>
        new(FlowErrorId.TaskInvalid, $"Task '{task}': its -When block has a parameter '{parameter}', and names the caller's $using:{parameter} besides; give one of them another name.", task);

    public static FlowException ParameterDefinitionUnknown(string flow, object given) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': -Parameter takes a block, {{ param(…) }}, or a hashtable of names and defaults, not '{given}'.", given);

    public static FlowException ParameterBlockHasStatements(string flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': the block of -Parameter is a param block and nothing else: {{ param([string] $Name, …) }}.", flow);

    public static FlowException ParameterTwice(string flow, string parameter) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': -Parameter has the parameter '{parameter}' twice. Names are unique, whatever their case.", flow);

    public static FlowException ParameterIsSecret(string flow, string parameter) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow}': the parameter '{parameter}' is a secret, which a run cannot keep: nothing secret is written into a state document. Let the task that needs it fetch it.", flow);

    public static FlowException SignalUnknown() =>
        new(FlowErrorId.TaskInvalid, "Send-FlowSignal does not say which signal. Give one of -Fail, -TriggerFail, -ValidationFail, -Skip, -Success, -Retry, -Pause, -Loop, -EndRun.");

    public static FlowException ThrottleInvalid(object? limit) =>
        new(FlowErrorId.FlowInvalid, $"-ThrottleLimit takes a number of 1 or more, or a hashtable of tags and such numbers, not '{limit}'.", limit);

    public static FlowException StoreUnknown(string store, string scheme, IEnumerable<string> schemes) =>
        ProviderErrors.StoreInvalid(store, $"there is no provider for '{scheme}'. Give a folder, or an address that begins with file:, memory:, {string.Join(", ", schemes.Select(each => $"{each}://"))}. For a store of another module, give the store that its command, or New-FlowStore -Provider, returns");

    public static FlowException NoStore(object? given) =>
        new(FlowErrorId.FlowInvalid, $"A store is wanted, and not {PlainText.Describe(given)}. Give its address, a store that New-FlowStore made, or a flow or run that has one.", given);

    public static FlowException NoChannel(object? given) =>
        new(FlowErrorId.FlowInvalid, $"A channel is wanted, and not {PlainText.Describe(given)}. Give its address, or a channel that New-FlowChannel made.", given);

    public static FlowException ChannelUnknown(string channel, string scheme, IEnumerable<string> known) =>
        ProviderErrors.ChannelInvalid(channel,
            $"there is no provider for '{scheme}'. Give a folder, or an address that begins with {string.Join(", ", known.Select(each => each + "://"))}. "
            + "For a channel of another module, give the channel that its command, or New-FlowChannel -Provider, returns");

    public static FlowException ProviderUnfit(object given, Type contract, Type? otherCopy) =>
        new(FlowErrorId.FlowInvalid, otherCopy is null
            ? $"-Provider takes an object that implements {contract.FullName}, and {given.GetType().FullName} does not."
            : $"-Provider cannot take {given.GetType().FullName}: it implements {contract.Name} of another copy of PrefectPS.Engine ('{otherCopy.Assembly.Location}'), not of that of this module "
                + $"('{contract.Assembly.Location}'). Remove PrefectPS.Engine.dll from the module that it comes from, and start a new session: that module is then bound to the engine of PrefectPS.",
            given);

    public static FlowException ListenerWithoutChannel(string flow) =>
        new(FlowErrorId.FlowInvalid, $"The listener does not know where to send the next message of flow '{flow}'. Give it -Channel, or a -Handler that does what is to be done.",
            flow);

    public static FlowException ListenerCheckUnclear() =>
        new(FlowErrorId.FlowInvalid, "Say whom the listener answers, in one way: -Secret, -SigningKey, -Audience for OIDC tokens, or -Anonymous for everyone. With -LinkSigningKey alone it answers links, and nobody else.");

    public static FlowException NothingToPublish(object given) =>
        new(FlowErrorId.StateInvalid, $"'{given}' cannot be published: give a run, or a state document as text or bytes.", given);

    public static FlowException StoreOptionUnfit(string store, string option) =>
        ProviderErrors.StoreInvalid(store, $"-{option} is not for stores of its kind");

    public static FlowException ChannelOptionUnfit(string channel, string option) =>
        ProviderErrors.ChannelInvalid(channel, $"-{option} is not for channels of its kind");

    public static FlowException StoreNotFileSystem(string store) =>
        new(FlowErrorId.FlowInvalid, $"The store '{store}' is not a folder of the file system.", store);

    public static FlowException FileNotInFileSystem(string path) =>
        new(FlowErrorId.ExportFailed, $"'{path}' is not a file or folder of the file system.", path);

    public static FlowException StateFileNotInFileSystem(string path) =>
        new(FlowErrorId.ImportFailed, $"'{path}' is not a file of the file system.", path);

    public static FlowException StateFileIsFolder(string path, string errorId) =>
        new(errorId, $"'{path}' is a folder. Name the file in it that holds the state document.", path);

    public static FlowException StateFolderMissing(string file, string folder) =>
        new(FlowErrorId.ImportFailed, $"The state file '{file}' cannot be read: there is no folder '{folder}'. A run begins only where the folder is there and the file is not; create the folder, or mount its drive.", file);

    public static FlowException StateFileWithWildcards(string path) =>
        new(FlowErrorId.ImportFailed, $"There is no file '{path}', and wildcards are not looked for: no run is begun by a pattern. Name the one file.", path);

    public static FlowException StateFileUnreadable(string file, Exception cause) =>
        new(FlowErrorId.ImportFailed, $"The state file '{file}' cannot be read: {cause.Message}", file, cause);

    public static FlowException RunFailed(string flow, string runId, StateType state, string details, object run) =>
        new(FlowErrorId.RunFailed, $"Run '{runId}' of flow '{flow}' {(state == StateType.Cancelled ? "was cancelled" : "failed")}. {details}", run);

    public static FlowException FileExists(string file) =>
        new(FlowErrorId.ExportFailed, $"The file '{file}' is there already, and -NoClobber leaves it as it is.", file);

    public static FlowException FileNotWritten(string file, Exception cause) =>
        new(FlowErrorId.ExportFailed, $"The file '{file}' cannot be written: {cause.Message}", file, cause);

    public static FlowException ClixmlHoldsSecret() =>
        new(FlowErrorId.ResultInvalid, "The result holds a secret (SecureString, PSCredential), which is never written. Give the task -Sensitive, or leave the secret out.");

    public static FlowException ClixmlLosesType(object value, object back) =>
        new(FlowErrorId.ResultInvalid, $"The result holds what CLIXML would give back as something else: {ClixmlDifference.Of(value, back)}. Give the task -Serializer Json, or return what CLIXML has.");

    public static FlowException DiagramFormatUnknown(string file) =>
        new(FlowErrorId.ExportFailed, $"The extension of '{file}' does not say in which language the diagram is to be: give it one of {string.Join(", ", DiagramWriter.Extensions)}, or give -Format.", file);

    public static FlowException RunOfAnotherFlow(Flow flow, FlowState run) =>
        new(FlowErrorId.StateInvalid, $"The run '{run.RunId}' is one of flow '{run.Flow.Name}' as it was defined then, not of '{flow.Name}' as it is here: their tasks differ. Give the run alone.", run);

    public static FlowException DifferentRuns() =>
        new(FlowErrorId.StateInvalid, "The task states are of different flows or runs; gather those of one run at a time.");

    public static FlowException ChildWithoutTask(string slug) =>
        new(FlowErrorId.StateInvalid, $"'{slug}' is a child of a mapped task, and comes with it. Give the tasks, or change the children in the run: $run | Set-FlowTaskState.",
            slug);

    public static FlowException SigningKeyInvalid(string fault) => new(FlowErrorId.SigningKeyInvalid, $"The key cannot be used: {fault}.");

    public static FlowException MixedInput(string first, string other) =>
        new(FlowErrorId.StateInvalid, $"The input mixes {first} and {other}; give one document at a time.");

    public static FlowException MockIsNoBlock(string task, object? value) =>
        new(FlowErrorId.TaskInvalid, $"-Mock: what stands in for task '{task}' is a script block, such as {{ 1, 2, 3 }}, and not {(value is null ? "null" : $"a {value.GetType().Name}")}.", value);

    public static FlowException MockedTaskNotFound(Flow flow, string name) =>
        new(FlowErrorId.TaskNotFound, $"-Mock: flow '{flow.Name}' has no task '{name}'. A task of a flow inside it is named by its path, such as load/read. {TasksOf(flow)}", name);

    public static FlowException MockOnCluster(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}': -Mock runs here, and workers of a cluster have the flow as it is defined. Leave out -Cluster.", flow);

    public static FlowException StoreWithoutTrial(Flow flow) =>
        new(FlowErrorId.FlowInvalid, $"Flow '{flow.Name}': -Store of Invoke-Flow is for a flow that is tried by -Mock or -SkipWait; the store of a flow is that of New-Flow -Store.", flow);

    public static FlowException ClusterNotEncrypted(FlowCluster cluster, FlowTask task, string what) =>
        new(FlowErrorId.ClusterFailed, $"Task '{task.Slug}' {what}, and a secret is sent to a worker encrypted only. Give the cluster '{cluster}' a certificate: New-FlowCluster -Certificate, here and on the workers.", task);

    public static FlowException ClusterNeedsPowerShell7() =>
        new(FlowErrorId.ClusterFailed, "Workers and clusters need PowerShell 7.4 or later; this is Windows PowerShell. Start pwsh, and run the script there.");

    public static FlowException ClusterFailureTimeout(FlowCluster cluster, TimeSpan shortest, TimeSpan longest) =>
        new(FlowErrorId.FlowInvalid, $"-FailureTimeout {cluster.FailureTimeout} is not between {shortest} and {longest}: in a shorter time a worker that is well may say nothing, and a longer one finds nobody dead. A plain number is seconds.", cluster);

    public static FlowException ClusterCertificateWithoutKey(FlowCluster cluster) =>
        new(FlowErrorId.FlowInvalid, $"The certificate for the cluster '{cluster}' comes without its private key, by which a worker proves that it belongs to the cluster. Load it with the key: Get-PfxCertificate, or Get-Item Cert:\\CurrentUser\\My\\<thumbprint>.", cluster);

    public static FlowException ClusterUnknown(object? given) =>
        new(FlowErrorId.FlowInvalid, $"'{given}' is no cluster. Give an address (localhost, redis://host:6379, postgres://host/database, sqlserver://host/database, aztable://account) or what New-FlowCluster returns.", given);

    private static string TasksOf(Flow flow)
    {
        const int most = 10;
        var tasks = flow.Tasks;
        return tasks.Count == 0 ? "It has no tasks."
            : $"Its tasks are {string.Join(", ", tasks.Take(most).Select(task => task.Slug))}{(tasks.Count > most ? $" and {tasks.Count - most} more" : string.Empty)}.";
    }
}
