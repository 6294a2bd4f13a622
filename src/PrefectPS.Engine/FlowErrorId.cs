namespace PrefectPS;

/// <summary>Stable error ids, for use in scripts and tests.</summary>
public static class FlowErrorId
{
    /// <summary>Tasks of a flow wait for each other.</summary>
    public const string Cycle = "FlowCycle";

    /// <summary>A name or slug is taken already.</summary>
    public const string TaskExists = "FlowTaskExists";

    /// <summary>The flow has no task of that name.</summary>
    public const string TaskNotFound = "FlowTaskNotFound";

    /// <summary>A task's options do not fit together or are out of range.</summary>
    public const string TaskInvalid = "FlowTaskInvalid";

    /// <summary>A flow's own options do not fit together or are out of range.</summary>
    public const string FlowInvalid = "FlowInvalid";

    /// <summary>A parameter value is invalid or missing.</summary>
    public const string ParameterInvalid = "FlowParameterInvalid";

    /// <summary>A subflow failed.</summary>
    public const string SubflowFailed = "FlowSubflowFailed";

    /// <summary>A failure handler of a run failed itself.</summary>
    public const string HandlerFailed = "FlowHandlerFailed";

    /// <summary>A flow that has run cannot be changed.</summary>
    public const string Frozen = "FlowFrozen";

    /// <summary>No flow was given and none is being defined.</summary>
    public const string FlowRequired = "FlowRequired";

    /// <summary>A target is malformed or leaves its store.</summary>
    public const string TargetInvalid = "FlowTargetInvalid";

    /// <summary>A state document is malformed.</summary>
    public const string StateInvalid = "FlowStateInvalid";

    /// <summary>A state document is not signed, or not as its content says.</summary>
    public const string StateTampered = "FlowStateTampered";

    /// <summary>A key for signing state documents cannot be used.</summary>
    public const string SigningKeyInvalid = "FlowSigningKeyInvalid";

    /// <summary>A flow is no longer the one that a state document was written for.</summary>
    public const string FlowChanged = "FlowChanged";

    /// <summary>A store could not be read or written.</summary>
    public const string StoreFailed = "FlowStoreFailed";

    /// <summary>An object in a store was changed by someone else.</summary>
    public const string StoreConflict = "FlowStoreConflict";

    /// <summary>A recorded run is damaged: an object is missing or cannot be read.</summary>
    public const string RunDamaged = "FlowRunDamaged";

    /// <summary>A task could not be undone.</summary>
    public const string UndoFailed = "FlowUndoFailed";

    /// <summary>A computer could not be restarted.</summary>
    public const string RestartFailed = "FlowRestartFailed";

    /// <summary>A run was recorded by another version of PrefectPS, in a format this one cannot read.</summary>
    public const string RecordVersion = "FlowRecordVersion";

    /// <summary>A store has no record of a run.</summary>
    public const string RunNotFound = "FlowRunNotFound";

    /// <summary>The run's timeout expired before a task had ended.</summary>
    public const string RunTimedOut = "FlowRunTimedOut";

    /// <summary>A notification could not be sent: the flow's <c>-OnNotify</c> block failed repeatedly.</summary>
    public const string NotificationFailed = "FlowNotificationFailed";

    /// <summary>A task's body crashed its process more often than <c>-MaxCrashes</c> allows.</summary>
    public const string TaskCrashed = "FlowTaskCrashed";

    /// <summary>An event cannot be sent or accepted: no task waits for it, or its payload is invalid.</summary>
    public const string EventInvalid = "FlowEventInvalid";

    /// <summary>An event link cannot be created.</summary>
    public const string EventLinkInvalid = "FlowEventLinkInvalid";

    /// <summary>A control request was not applied in time; whoever works on the run next applies it.</summary>
    public const string RequestPending = "FlowRequestPending";

    /// <summary>The run is not recorded, so it cannot be stopped, suspended or resumed.</summary>
    public const string RunNotOnRecord = "FlowRunNotOnRecord";

    /// <summary>A stopped run continues only with force.</summary>
    public const string RunStopped = "FlowRunStopped";

    /// <summary>Sending to or receiving from a channel failed.</summary>
    public const string ChannelFailed = "FlowChannelFailed";

    /// <summary>A document is too large for the channel.</summary>
    public const string MessageTooLarge = "FlowMessageTooLarge";

    /// <summary>A result could not be written or read in its format.</summary>
    public const string ResultInvalid = "FlowResultInvalid";

    /// <summary>A named secret does not exist, or is of the wrong type.</summary>
    public const string SecretNotFound = "FlowSecretNotFound";

    /// <summary>A runspace for a flow's tasks could not be set up: a module import or the initialization script failed.</summary>
    public const string SetupFailed = "FlowSetupFailed";

    /// <summary>A cluster of workers is misconfigured, unreachable or gone.</summary>
    public const string ClusterFailed = "FlowClusterFailed";

    /// <summary>A script's limit for a tag (<c>New-FlowStore -ConcurrencyLimit</c>) differs from the one in the store.</summary>
    public const string LimitDiffers = "FlowLimitDiffers";

    /// <summary>A step could not renew a concurrency slot in time, so another step may hold it now.</summary>
    public const string PlaceLost = "FlowPlaceLost";

    /// <summary>A diagram or a report could not be written to its file.</summary>
    public const string ExportFailed = "FlowExportFailed";

    /// <summary>A file with a state document could not be read, or its folder is missing.</summary>
    public const string ImportFailed = "FlowImportFailed";

    /// <summary>The selected tasks are not allowed for the run, or need results that it does not have.</summary>
    public const string SelectionInvalid = "FlowSelectionInvalid";

    /// <summary>A run ended Failed or Cancelled; raised by Assert-FlowState.</summary>
    public const string RunFailed = "FlowRunFailed";
}
