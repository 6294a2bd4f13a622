namespace PrefectPS.Channels;

/// <summary>Members of <see cref="FlowMessage"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowMessageExtensions
{
    extension(FlowMessage message)
    {
        /// <summary>The underlying message.</summary>
        public ChannelMessage Content => message.Content;

        /// <summary>Renews the lock of the message periodically.</summary>
        /// <returns>Stops renewing when disposed.</returns>
        public IDisposable RenewLock() => message.RenewLock();

        /// <summary>Tells the channel that processing failed: the message is delivered again after a delay, or dead-lettered after its last try.</summary>
        /// <param name="error">What went wrong.</param>
        /// <param name="mayPass">Whether a later try may succeed, however many there were.</param>
        public void Fail(Exception error, bool mayPass) => message.Fail(error, mayPass);
    }
}
