namespace PrefectPS.Channels;

/// <summary>A received message, as code that builds on the engine sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowMessageExtensions
{
    extension(FlowMessage message)
    {
        /// <summary>The message itself.</summary>
        public ChannelMessage Content => message.Content;

        /// <summary>Extends the lock of the message again and again.</summary>
        /// <returns>Ends that when disposed of.</returns>
        public IDisposable RenewLock() => message.RenewLock();

        /// <summary>Tells the channel that processing failed: the message is delivered again after a delay, or dead-lettered after its last try.</summary>
        /// <param name="error">What went wrong.</param>
        /// <param name="mayPass">Whether a later try may succeed, however many there were.</param>
        public void Fail(Exception error, bool mayPass) => message.Fail(error, mayPass);
    }
}
