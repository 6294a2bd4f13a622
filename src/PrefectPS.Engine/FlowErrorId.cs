namespace PrefectPS;

/// <summary>The stable ids of errors; scripts and tests name them.</summary>
public static class FlowErrorId
{
    /// <summary>Tasks of a flow wait for each other.</summary>
    public const string Cycle = "FlowCycle";

    /// <summary>A name or slug is taken already.</summary>
    public const string TaskExists = "FlowTaskExists";

    /// <summary>A task is named that the flow does not have.</summary>
    public const string TaskNotFound = "FlowTaskNotFound";

    /// <summary>A task's options do not fit together or are out of range.</summary>
    public const string TaskInvalid = "FlowTaskInvalid";

    /// <summary>A flow's own options do not fit together or are out of range.</summary>
    public const string FlowInvalid = "FlowInvalid";

    /// <summary>A flow's parameters are given wrong values, or none that they require.</summary>
    public const string ParameterInvalid = "FlowParameterInvalid";

    /// <summary>A flow that is the body of a task failed.</summary>
    public const string SubflowFailed = "FlowSubflowFailed";

    /// <summary>A handler of a run, which tells of its failure, failed itself.</summary>
    public const string HandlerFailed = "FlowHandlerFailed";

    /// <summary>A flow that has run was to be changed.</summary>
    public const string Frozen = "FlowFrozen";

    /// <summary>No flow was given and none is being defined.</summary>
    public const string FlowRequired = "FlowRequired";

    /// <summary>A target is malformed or leaves its store.</summary>
    public const string TargetInvalid = "FlowTargetInvalid";

    /// <summary>A state document is malformed.</summary>
    public const string StateInvalid = "FlowStateInvalid";

    /// <summary>A state document is not signed, or not as its content says.</summary>
    public const string StateTampered = "FlowStateTampered";

    /// <summary>A key to sign state documents with cannot be used.</summary>
    public const string SigningKeyInvalid = "FlowSigningKeyInvalid";

    /// <summary>A flow is no longer the one that a state document was written for.</summary>
    public const string FlowChanged = "FlowChanged";

    /// <summary>A store could not be read or written.</summary>
    public const string StoreFailed = "FlowStoreFailed";

    /// <summary>An object of a store is not what the writer took it to be: someone else has written it.</summary>
    public const string StoreConflict = "FlowStoreConflict";

    /// <summary>A run on record is damaged: an object of it is missing or cannot be read.</summary>
    public const string RunDamaged = "FlowRunDamaged";

    /// <summary>A task of a run was to be undone, and could not be.</summary>
    public const string UndoFailed = "FlowUndoFailed";

    /// <summary>A computer was to be restarted for a task, and could not be.</summary>
    public const string RestartFailed = "FlowRestartFailed";

    /// <summary>A run on record was written by another version of PrefectPS, whose record this one cannot read.</summary>
    public const string RecordVersion = "FlowRecordVersion";

    /// <summary>A store has no record of a run.</summary>
    public const string RunNotFound = "FlowRunNotFound";

    /// <summary>The time of the whole run was over before a task had ended.</summary>
    public const string RunTimedOut = "FlowRunTimedOut";

    /// <summary>Nobody could be told of a run: its flow's <c>-OnNotify</c> block failed again and again.</summary>
    public const string NotificationFailed = "FlowNotificationFailed";

    /// <summary>A task's body ended its process as often as <c>-MaxCrashes</c> allows.</summary>
    public const string TaskCrashed = "FlowTaskCrashed";

    /// <summary>An event cannot be sent, or not be taken: no task waits for it, or what comes with it fits none that does.</summary>
    public const string EventInvalid = "FlowEventInvalid";

    /// <summary>A link for an event cannot be made so.</summary>
    public const string EventLinkInvalid = "FlowEventLinkInvalid";

    /// <summary>What was asked of a run was not applied in time; whoever next works on the run does.</summary>
    public const string RequestPending = "FlowRequestPending";

    /// <summary>A run of a flow without a record was to be stopped, suspended or resumed.</summary>
    public const string RunNotOnRecord = "FlowRunNotOnRecord";

    /// <summary>A run was stopped, and does not go on without force.</summary>
    public const string RunStopped = "FlowRunStopped";

    /// <summary>A channel could not be sent to or received from.</summary>
    public const string ChannelFailed = "FlowChannelFailed";

    /// <summary>A document is larger than its channel carries.</summary>
    public const string MessageTooLarge = "FlowMessageTooLarge";

    /// <summary>A result could not be written or read as its format demands.</summary>
    public const string ResultInvalid = "FlowResultInvalid";

    /// <summary>A secret that a task is given by its name is not there, or is not what the task's parameter takes.</summary>
    public const string SecretNotFound = "FlowSecretNotFound";

    /// <summary>A runspace for a flow's tasks could not be set up: a module could not be imported, or the initialization script failed.</summary>
    public const string SetupFailed = "FlowSetupFailed";

    /// <summary>A cluster of workers cannot be used so, cannot be reached, or has ended.</summary>
    public const string ClusterFailed = "FlowClusterFailed";

    /// <summary>A diagram or a report could not be written to its file.</summary>
    public const string ExportFailed = "FlowExportFailed";

    /// <summary>A file with a state document could not be read, or its folder is missing.</summary>
    public const string ImportFailed = "FlowImportFailed";

    /// <summary>The tasks of a run that are to run cannot be chosen so: it is of others, or they need what it does not have.</summary>
    public const string SelectionInvalid = "FlowSelectionInvalid";

    /// <summary>A run has ended Failed or Cancelled: what Assert-FlowState makes an error of.</summary>
    public const string RunFailed = "FlowRunFailed";
}
