using Newtonsoft.Json;

namespace PrefectPS.Google.Channels;

/// <summary>The requests and responses of Pub/Sub's REST API v1.</summary>
internal static class PubSubMessages
{
    internal sealed class PublishRequest
    {
        [JsonProperty("messages")]
        public PubSubMessage[] Messages { get; set; } = [];
    }

    internal sealed class PubSubMessage
    {
        [JsonProperty("data")]
        public byte[]? Data { get; set; }

        [JsonProperty("attributes")]
        public Dictionary<string, string>? Attributes { get; set; }

        [JsonProperty("orderingKey")]
        public string? OrderingKey { get; set; }

        [JsonProperty("messageId")]
        public string? MessageId { get; set; }

        [JsonProperty("publishTime")]
        public string? PublishTime { get; set; }
    }

    internal sealed class PullRequest
    {
        [JsonProperty("maxMessages")]
        public int MaxMessages { get; set; } = 1;

        [JsonProperty("returnImmediately")]
        public bool ReturnImmediately { get; set; } = true;
    }

    internal sealed class PullResponse
    {
        [JsonProperty("receivedMessages")]
        public ReceivedMessage[]? ReceivedMessages { get; set; }
    }

    internal sealed class ReceivedMessage
    {
        [JsonProperty("ackId")]
        public string AckId { get; set; } = string.Empty;

        [JsonProperty("message")]
        public PubSubMessage Message { get; set; } = new();

        [JsonProperty("deliveryAttempt")]
        public int? DeliveryAttempt { get; set; }
    }

    internal sealed class AcknowledgeRequest
    {
        [JsonProperty("ackIds")]
        public string[] AckIds { get; set; } = [];
    }

    internal sealed class ModifyAckDeadlineRequest
    {
        [JsonProperty("ackIds")]
        public string[] AckIds { get; set; } = [];

        [JsonProperty("ackDeadlineSeconds")]
        public int AckDeadlineSeconds { get; set; }
    }

    /// <summary>A response without relevant content.</summary>
    internal sealed class Empty;
}
