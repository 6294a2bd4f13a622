using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Converts errors of the engine to error records with their ids and categories.</summary>
internal static class ErrorRecords
{
    private static readonly Dictionary<string, ErrorCategory> Categories = new(StringComparer.Ordinal)
    {
        [FlowErrorId.Cycle] = ErrorCategory.InvalidOperation,
        [FlowErrorId.TaskExists] = ErrorCategory.ResourceExists,
        [FlowErrorId.TaskNotFound] = ErrorCategory.ObjectNotFound,
        [FlowErrorId.TaskInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.FlowInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.ParameterInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.Frozen] = ErrorCategory.InvalidOperation,
        [FlowErrorId.FlowRequired] = ErrorCategory.InvalidOperation,
        [FlowErrorId.TargetInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.StateInvalid] = ErrorCategory.InvalidData,
        [FlowErrorId.StateTampered] = ErrorCategory.SecurityError,
        [FlowErrorId.SigningKeyInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.FlowChanged] = ErrorCategory.InvalidOperation,
        [FlowErrorId.StoreFailed] = ErrorCategory.ResourceUnavailable,
        [FlowErrorId.StoreConflict] = ErrorCategory.ResourceBusy,
        [FlowErrorId.RunDamaged] = ErrorCategory.InvalidData,
        [FlowErrorId.RecordVersion] = ErrorCategory.InvalidData,
        [FlowErrorId.RunNotFound] = ErrorCategory.ObjectNotFound,
        [FlowErrorId.EventInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.EventLinkInvalid] = ErrorCategory.InvalidArgument,
        [FlowErrorId.RequestPending] = ErrorCategory.OperationTimeout,
        [FlowErrorId.RunNotOnRecord] = ErrorCategory.InvalidOperation,
        [FlowErrorId.RestartFailed] = ErrorCategory.InvalidOperation,
        [FlowErrorId.RunStopped] = ErrorCategory.InvalidOperation,
        [FlowErrorId.ChannelFailed] = ErrorCategory.ResourceUnavailable,
        [FlowErrorId.ClusterFailed] = ErrorCategory.ResourceUnavailable,
        [FlowErrorId.MessageTooLarge] = ErrorCategory.LimitsExceeded,
        [FlowErrorId.ResultInvalid] = ErrorCategory.InvalidData,
        [FlowErrorId.ExportFailed] = ErrorCategory.WriteError,
        [FlowErrorId.ImportFailed] = ErrorCategory.ReadError,
        [FlowErrorId.RunFailed] = ErrorCategory.InvalidResult,
    };

    public static ErrorRecord From(FlowException error) =>
        new(error, error.Id, Categories.TryGetValue(error.Id, out var category) ? category : ErrorCategory.NotSpecified, error.Target);
}
