using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS;

/// <summary>Creates the errors that stores and channels throw.</summary>
public static class ProviderErrors
{
    /// <summary><see cref="FlowErrorId.StoreFailed"/>: an operation of a store failed.</summary>
    /// <param name="store">The store's name.</param>
    /// <param name="operation">The operation, as a verb: read, write, delete, list.</param>
    /// <param name="path">The object; empty for all.</param>
    /// <param name="fault">Why it failed, and whether a retry may succeed.</param>
    public static FlowException StoreFailed(string store, string operation, string path, StoreFault fault) =>
        new(FlowErrorId.StoreFailed, $"The store '{store}' failed to {operation} {(path.Length == 0 ? "its objects" : $"'{path}'")}: {fault.Reason}", path,
            fault.Cause, fault.IsTransient);

    /// <summary><see cref="FlowErrorId.StoreConflict"/>: the condition of a write or delete does not hold, and nothing was changed.</summary>
    /// <param name="store">The store's name.</param>
    /// <param name="path">The object.</param>
    /// <param name="condition">The condition.</param>
    public static FlowException StoreConflict(string store, string path, WriteCondition condition) =>
        new(FlowErrorId.StoreConflict, $"The object '{path}' in the store '{store}' {(condition.IsAbsent ? "already exists" : "has changed since it was read")}: another process has written it. It was not changed.", path);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: an address or an option of a store is wrong.</summary>
    /// <param name="address">The store's address. Credentials in it are left out of the message.</param>
    /// <param name="fault">What is wrong, as the end of a sentence, without its full stop.</param>
    public static FlowException StoreInvalid(string address, string fault) =>
        new(FlowErrorId.FlowInvalid, $"The store '{StoreAddress.WithoutSecrets(address)}' cannot be used: {fault}.", StoreAddress.WithoutSecrets(address));

    /// <summary><see cref="FlowErrorId.ChannelFailed"/>: an operation of a channel failed.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="operation">The operation, as a verb: send, receive, complete a message.</param>
    /// <param name="fault">Why it failed, and whether a retry may succeed.</param>
    public static FlowException ChannelFailed(IFlowChannel channel, string operation, StoreFault fault) =>
        new(FlowErrorId.ChannelFailed, $"The channel '{channel.Name}' failed to {operation}: {fault.Reason}", channel.Name, fault.Cause, fault.IsTransient);

    /// <summary><see cref="FlowErrorId.FlowInvalid"/>: an address or an option of a channel is wrong, or the channel cannot do what it is asked to.</summary>
    /// <param name="address">The channel's address. Credentials in it are left out of the message.</param>
    /// <param name="fault">What is wrong, as the end of a sentence, without its full stop.</param>
    public static FlowException ChannelInvalid(string address, string fault) =>
        new(FlowErrorId.FlowInvalid, $"The channel '{StoreAddress.WithoutSecrets(address)}' cannot be used: {fault}.", StoreAddress.WithoutSecrets(address));

    /// <summary><see cref="FlowErrorId.MessageTooLarge"/>: a document is larger than the channel carries, and nothing was sent.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="bytes">The size of the document in bytes.</param>
    public static FlowException MessageTooLarge(IFlowChannel channel, int bytes) =>
        new(FlowErrorId.MessageTooLarge, $"A document of {bytes} bytes is too large for the channel '{channel.Name}', whose limit is {channel.MaxDocumentBytes}. Specify a store that sender and receiver can access (New-Flow -Store): the message then contains the location of the document.", channel.Name);
}
