using Google.Apis.Requests;
using Google.Apis.Services;
using PrefectPS.Channels;

namespace PrefectPS.Google.Channels;

/// <summary>A client of Pub/Sub's REST API v1 on Google's client runtime.</summary>
internal sealed class PubSubClient : BaseClientService
{
    private static readonly GoogleService Service = new(
        "https://pubsub.googleapis.com/", "https://www.googleapis.com/auth/pubsub", "PUBSUB_EMULATOR_HOST");

    private PubSubClient(Initializer initializer, ReportedBackOff again)
        : base(initializer)
    {
        BaseUri = initializer.BaseUri;
        again.Handle(HttpClient.MessageHandler);
    }

    public override string Name => "pubsub";

    public override string BaseUri { get; }

    public override string BasePath => string.Empty;

    public override IList<string> Features { get; } = [];

    /// <summary>Connects to the service that the options or environment name.</summary>
    public static async Task<PubSubClient> ConnectAsync(PubSubAddress address, ChannelOptions options, CancellationToken cancellationToken) => new(
        await GoogleAccess.ConnectAsync(Service, options.Endpoint, options.KeyFile, options.Retry, cancellationToken),
        new($"The channel '{address}'", options.Retry));

    /// <summary>Calls a method on a resource.</summary>
    /// <param name="verb">POST or PUT.</param>
    /// <param name="resource">The resource's name, with <c>:method</c> for a POST.</param>
    /// <param name="body">The request body.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<TAnswer> CallAsync<TAnswer>(string verb, string resource, object body, CancellationToken cancellationToken) =>
        new Call<TAnswer>(this, verb, $"v1/{resource}", body).ExecuteAsync(cancellationToken);

    private sealed class Call<TAnswer> : ClientServiceRequest<TAnswer>
    {
        private readonly object _body;

        public Call(IClientService service, string verb, string path, object body)
            : base(service)
        {
            (HttpMethod, RestPath, _body) = (verb, path, body);
            InitParameters();
        }

        public override string MethodName => "call";

        public override string HttpMethod { get; }

        public override string RestPath { get; }

        protected override object GetBody() => _body;
    }
}
