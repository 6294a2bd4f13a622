using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS;

/// <summary>The errors that stores and channels throw.</summary>
internal static class ProviderErrors
{
    public static FlowException StoreFailed(string store, string operation, string path, StoreFault fault) =>
        new(FlowErrorId.StoreFailed, $"The store '{store}' failed to {operation} {(path.Length == 0 ? "its objects" : $"'{path}'")}: {fault.Reason}", path,
            fault.Cause)
        { IsTransient = fault.IsTransient };

    public static FlowException StoreConflict(string store, string path, WriteCondition condition) =>
        new(FlowErrorId.StoreConflict, $"The object '{path}' in the store '{store}' {(condition.IsAbsent ? "is there already" : "is no longer the one that was read")}: someone else has written it, and it was left as it is.", path);

    public static FlowException StoreInvalid(string address, string fault) =>
        new(FlowErrorId.FlowInvalid, $"The store '{StoreAddress.WithoutSecrets(address)}' cannot be used: {fault}.", StoreAddress.WithoutSecrets(address));

    public static FlowException ChannelFailed(IFlowChannel channel, string operation, StoreFault fault) =>
        new(FlowErrorId.ChannelFailed, $"The channel '{channel.Name}' failed to {operation}: {fault.Reason}", channel.Name, fault.Cause) { IsTransient = fault.IsTransient };

    public static FlowException ChannelInvalid(string address, string fault) =>
        new(FlowErrorId.FlowInvalid, $"The channel '{StoreAddress.WithoutSecrets(address)}' cannot be used: {fault}.", StoreAddress.WithoutSecrets(address));

    public static FlowException MessageTooLarge(IFlowChannel channel, int bytes) =>
        new(FlowErrorId.MessageTooLarge, $"A document of {bytes} bytes is too large for the channel '{channel.Name}', which carries {channel.MaxDocumentBytes}. Give the flow a store that both reach (New-Flow -Store): then such a document waits there, and the message says where.", channel.Name);
}
