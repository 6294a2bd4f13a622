using Google.Apis.Http;
using Google.Apis.Requests;
using Google.Apis.Services;
using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS.Google.Channels;

/// <summary>Pub/Sub's REST API, version 1, on Google's own client runtime.</summary>
internal sealed class PubSubClient : BaseClientService
{
    private const string PublicEndpoint = "https://pubsub.googleapis.com/";
    private const string Scope = "https://www.googleapis.com/auth/pubsub";
    private const string EmulatorVariable = "PUBSUB_EMULATOR_HOST";

    private readonly string _endpoint;

    private PubSubClient(Initializer initializer, string endpoint, StoreRetry retry)
        : base(initializer)
    {
        _endpoint = endpoint;
        new ReportedBackOff(endpoint, retry).Handle(HttpClient.MessageHandler);
    }

    public override string Name => "pubsub";

    public override string BaseUri => _endpoint;

    public override string BasePath => string.Empty;

    public override IList<string> Features { get; } = [];

    /// <summary>A client of the service that the options or the environment name, by the credentials that they name.</summary>
    public static async Task<PubSubClient> ConnectAsync(ChannelOptions options, CancellationToken cancellationToken)
    {
        var emulator = Environment.GetEnvironmentVariable(EmulatorVariable) is { Length: > 0 } host ? $"http://{host}/" : null;
        var endpoint = options.Endpoint is { } given ? given.AbsoluteUri.TrimEnd('/') + "/" : emulator ?? PublicEndpoint;
        var initializer = new Initializer
        {
            ApplicationName = "PrefectPS",
            BaseUri = endpoint,
            HttpClientInitializer = endpoint.StartsWith("http:", StringComparison.Ordinal) ? null : await GoogleAccess.CredentialAsync(options.KeyFile, Scope, cancellationToken),
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None, // ours is added, which knows more kinds of fault
            HttpClientTimeout = System.Threading.Timeout.InfiniteTimeSpan, // each call has a limit of its own
            GZipEnabled = false,
        };
        return new(initializer, endpoint, options.Retry);
    }

    /// <summary>Calls a method of a resource.</summary>
    /// <param name="verb">POST or PUT.</param>
    /// <param name="resource">The resource's name, and the method after a colon.</param>
    /// <param name="body">What it is given.</param>
    /// <param name="cancellationToken">Stops it.</param>
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
