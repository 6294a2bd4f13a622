using Google.Apis.Services;

namespace PrefectPS.Google;

/// <summary>What the clients of Google's services have in common, on Google's own client runtime.</summary>
internal abstract class GoogleClient : BaseClientService
{
    /// <param name="initializer">How it begins: as <see cref="GoogleAccess.ConnectAsync"/> says.</param>
    /// <param name="again">How it tries again.</param>
    protected GoogleClient(Initializer initializer, ReportedBackOff again)
        : base(initializer)
    {
        BaseUri = initializer.BaseUri;
        again.Handle(HttpClient.MessageHandler);
    }

    public sealed override string BaseUri { get; }

    public sealed override string BasePath => string.Empty;

    public sealed override IList<string> Features { get; } = [];
}
