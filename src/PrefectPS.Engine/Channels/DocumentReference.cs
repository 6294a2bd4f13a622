using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>A reference to a document in a store, sent in place of one too large for the channel.</summary>
/// <param name="Location">The document's path in the store.</param>
/// <param name="Hash">The document's SHA-256 in Base64.</param>
internal sealed record DocumentReference(string Location, string Hash)
{
    private const string ReferenceKey = "reference";
    private const string LocationKey = "location";
    private const string HashKey = "sha256";

    /// <summary>Stores a message's document.</summary>
    /// <returns>The reference document to send instead.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static async ValueTask<byte[]> PutAsync(IFlowStore store, ChannelMessage message, CancellationToken cancellationToken)
    {
        var hash = ContentHash.Of(message.Document);
        var location = LocationOf(message, hash);
        await store.WriteAsync(location, message.Document, WriteCondition.Always, cancellationToken);
        return JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber(DocumentKeys.Version, FlowStateWriter.Version);
            json.WriteStartObject(DocumentKeys.Flow);
            json.WriteString(DocumentKeys.Name, message.Flow);
            json.WriteEndObject();
            json.WriteStartObject(DocumentKeys.Run);
            json.WriteString(DocumentKeys.Id, message.RunId);
            json.WriteNumber(DocumentKeys.Step, message.Step ?? 0);
            json.WriteEndObject();
            json.WriteStartObject(ReferenceKey);
            json.WriteString(LocationKey, location);
            json.WriteString(HashKey, hash);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Returns the document, or the one it refers to.</summary>
    /// <param name="store">The flow's store; null for none.</param>
    /// <param name="document">The received document.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>: the document is missing. <see cref="FlowErrorId.StateTampered"/>: the document was altered.
    /// </exception>
    public static async ValueTask<byte[]> ResolveAsync(IFlowStore? store, byte[] document, CancellationToken cancellationToken)
    {
        if (TryRead(document) is not { } reference)
            return document;
        if (store is null)
            throw FlowErrors.ReferenceWithoutStore(reference.Location);
        using var found = await store.ReadAsync(reference.Location, cancellationToken) ?? throw FlowErrors.ReferenceMissing(store.Name, reference.Location);
        var content = await found.ReadAllAsync(cancellationToken);
        return ContentHash.Of(content) == reference.Hash ? content : throw FlowErrors.ReferenceAltered(store.Name, reference.Location);
    }

    /// <summary>Parses a reference document; null for any other document.</summary>
    public static DocumentReference? TryRead(byte[] document)
    {
        try
        {
            var json = new Utf8JsonReader(document, JsonStyle.Reader);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName && !json.ValueTextEquals(DocumentKeys.Tasks))
            {
                var isReference = json.ValueTextEquals(ReferenceKey);
                json.Read();
                if (isReference)
                    return ReadReference(ref json);
                json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The decoder reports the fault and its position.
        }

        return null;
    }

    private static DocumentReference? ReadReference(ref Utf8JsonReader json)
    {
        string? location = null;
        string? hash = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            json.Read();
            if (key == LocationKey && json.TokenType == JsonTokenType.String)
                location = json.GetString();
            else if (key == HashKey && json.TokenType == JsonTokenType.String)
                hash = json.GetString();
            else
                json.Skip();
        }

        return location is not null && hash is not null ? new(location, hash) : null;
    }

    // Content-addressed, so that sending a document again overwrites nothing else.
    private static string LocationOf(ChannelMessage message, string hash) =>
        RunFolder.Of(message.Flow!, message.RunId!).Message(message.Step ?? 0, Base64Url.Of(hash));
}
