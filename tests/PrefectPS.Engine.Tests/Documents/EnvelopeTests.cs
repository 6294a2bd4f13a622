using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class EnvelopeTests
{
    private static readonly TestFlow Flow = new TestFlow("f").Task("a", _ => "<\"ä\">");
    private static readonly byte[] Full = FlowStateWriter.Write(Flow.RunAll());
    private static readonly byte[] Compact = CompactWriter.Write(Flow.RunAll());

    // Placeholders: {text} is the document as a JSON string, {base64} its Base64, {json} the document itself, {xml} its text in XML.
    [Theory]
    [InlineData("{json}", "a state document")]
    [InlineData("  \r\n{json}\n", "a state document")]
    [InlineData("\uFEFF{json}", "a state document")]
    [InlineData("{text}", "a JSON text > a state document")]
    [InlineData("{base64}", "Base64 > a state document")]
    [InlineData("{\"message\":{\"data\":\"{base64}\",\"messageId\":\"136\",\"attributes\":{\"step\":\"3\"}},\"subscription\":\"projects/p/subscriptions/s\"}",
        "a Pub/Sub push message > Base64 > a state document")]
    [InlineData("{\"receivedMessages\":[{\"ackId\":\"x\",\"message\":{\"data\":\"{base64}\",\"messageId\":\"1\"}}]}", "a Pub/Sub pull answer > Base64 > a state document")]
    [InlineData("{\"ackId\":\"x\",\"message\":{\"data\":\"{base64}\"}}", "a Pub/Sub push message > Base64 > a state document")]
    [InlineData("{\"data\":\"{base64}\",\"messageId\":\"1\",\"publishTime\":\"2026-11-24T08:00:00Z\"}", "a Pub/Sub message > Base64 > a state document")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"1\",\"data\":{json}}", "a CloudEvent > a state document")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"1\",\"data\":{text}}", "a CloudEvent > a state document")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"1\",\"data_base64\":\"{base64}\"}", "a CloudEvent > Base64 > a state document")]
    [InlineData("[{\"specversion\":\"1.0\",\"id\":\"1\",\"data\":{json}}]", "a CloudEvent > a state document")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"google.cloud.pubsub.topic.v1.messagePublished\",\"data\":{\"message\":{\"data\":\"{base64}\"}}}",
        "a CloudEvent > a Pub/Sub push message > Base64 > a state document")]
    [InlineData("{\"WebhookName\":\"w\",\"RequestBody\":{text},\"RequestHeader\":{\"Host\":\"h\"}}", "an Automation webhook > a state document")]
    [InlineData("{\"Body\":{json},\"Headers\":{},\"Method\":\"POST\"}", "a request > a state document")]
    [InlineData("{\"Body\":{\"x\":1},\"RawBody\":{text},\"Method\":\"POST\"}", "a request > a state document")]
    [InlineData("{\"Data\":{\"QueueItem\":{text}},\"Metadata\":{\"DequeueCount\":\"1\"}}", "an Azure Functions invocation > a state document")]
    [InlineData("{\"Data\":{\"req\":{\"Url\":\"u\",\"Method\":\"POST\",\"Body\":{text}}},\"Metadata\":{}}", "an Azure Functions invocation > a request > a state document")]
    [InlineData("{\"messageId\":\"1\",\"messageText\":\"{base64}\",\"popReceipt\":\"r\"}", "an Azure queue message > Base64 > a state document")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage><MessageId>1</MessageId><MessageText>{base64}</MessageText></QueueMessage></QueueMessagesList>", "an Azure queue message > Base64 > a state document")]
    [InlineData("<QueueMessage><MessageText>{xml}</MessageText></QueueMessage>", "an Azure queue message > a state document")]
    public void A_document_is_unwrapped_from_every_envelope(string envelope, string found)
    {
        foreach (var (document, form) in new[] { (Full, "a state document"), (Compact, "a compact state document") })
        {
            if (form != "a state document" && envelope.Contains("{json}", StringComparison.Ordinal))
                continue;
            var opened = Envelope.Open(Encoding.UTF8.GetBytes(Fill(envelope, document)));
            Assert.Equal(found.Replace("a state document", form, StringComparison.Ordinal), opened.Found);
            Assert.Equal(StateType.Success, StateDocument.Read(Flow.Flow, opened.Content, ReadingOptions.Default).Run.StateType);
        }
    }

    // As base64, openssl and certutil write it; the last line's length determines the padding.
    [Theory]
    [InlineData("\n", 76)]
    [InlineData("\r\n", 76)]
    [InlineData("\n", 64)]
    [InlineData("\r", 7)]
    public void Base64_with_line_breaks_is_unwrapped(string end, int length)
    {
        for (var spaces = 0; spaces < 4 * 3; spaces++)
        {
            var text = Convert.ToBase64String([.. Full, .. Enumerable.Repeat((byte)' ', spaces)]);
            var lines = string.Join(end, text.Chunk(length).Select(line => new string(line)));
            Assert.Equal("Base64 > a state document", Envelope.Open(Encoding.UTF8.GetBytes(lines)).Found);
        }
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\r\n")]
    [InlineData("\uFEFF")]
    public void White_space_around_a_compact_document_is_ignored(string space)
    {
        var opened = Envelope.Open(Encoding.UTF8.GetBytes($"{space}{Encoding.UTF8.GetString(Compact)}\n"));
        Assert.Equal(Compact, opened.Content);
        Assert.True(Envelope.Open(Encoding.UTF8.GetBytes(space)).IsEmpty);
    }

    [Fact]
    public void With_several_inputs_an_invocation_is_not_unwrapped() =>
        Assert.True(Envelope.Open(Encoding.UTF8.GetBytes(Fill("{\"Data\":{\"one\":{text},\"two\":{text}},\"Metadata\":{}}", Full))).IsEmpty);

    [Fact]
    public void A_gzipped_document_is_unwrapped()
    {
        var packed = Gzip(Full);
        Assert.Equal("gzip > a state document", Envelope.Open(packed).Found);
        var message = $"{{\"message\":{{\"data\":\"{Convert.ToBase64String(packed)}\"}}}}";
        var opened = Envelope.Open(Encoding.UTF8.GetBytes(message));
        Assert.Equal("a Pub/Sub push message > Base64 > gzip > a state document", opened.Found);
        Assert.Equal(Full, opened.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("{\"message\":{\"messageId\":\"1\",\"attributes\":{}},\"subscription\":\"s\"}")]
    [InlineData("{\"message\":{\"data\":\"\"}}")]
    [InlineData("{\"message\":{\"data\":null}}")]
    [InlineData("{\"WebhookName\":\"w\",\"RequestBody\":null}")]
    [InlineData("{\"receivedMessages\":[{\"message\":{\"messageId\":\"1\"}}]}")]
    [InlineData("<QueueMessage><MessageText/></QueueMessage>")]
    public void An_empty_envelope_is_distinguished_from_a_foreign_document(string envelope)
    {
        var opened = Envelope.Open(Encoding.UTF8.GetBytes(envelope));
        Assert.True(opened.IsEmpty);
        Assert.True(opened.IsCutOff);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\r\n")]
    [InlineData("\" \"")]
    [InlineData("{\"message\":{\"data\":\"IA==\"}}")]
    [InlineData("{\"WebhookName\":\"w\",\"RequestBody\":\" \"}")]
    [InlineData("{\"Method\":\"POST\",\"Body\":null}")]
    [InlineData("{\"Data\":{\"req\":{\"Method\":\"POST\",\"Body\":\"\"}},\"Metadata\":{}}")]
    public void White_space_and_a_request_without_a_body_are_not_truncated_input(string envelope)
    {
        var opened = Envelope.Open(Encoding.UTF8.GetBytes(envelope));
        Assert.True(opened.IsEmpty);
        Assert.False(opened.IsCutOff);
    }

    [Theory]
    [InlineData("{\"receivedMessages\":[{\"message\":{\"data\":\"YQ==\"}},{\"message\":{\"data\":\"YQ==\"}}]}", "a Pub/Sub pull answer has several messages; give one at a time")]
    [InlineData("<L><QueueMessage><MessageText>a</MessageText></QueueMessage><QueueMessage><MessageText>b</MessageText></QueueMessage></L>",
        "the answer of the queue has several messages; give one at a time")]
    [InlineData("<QueueMessage><MessageText>a</Message", "it begins as XML, and is malformed")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><QueueMessage><MessageText>&a;</MessageText></QueueMessage>", "it begins as XML, and is malformed")]
    public void Several_messages_or_a_damaged_envelope_are_one_error(string envelope, string fault)
    {
        var error = Assert.Throws<FlowException>(() => Envelope.Open(Encoding.UTF8.GetBytes(envelope)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_document_names_its_envelopes()
    {
        var opened = Envelope.Open(Encoding.UTF8.GetBytes("""{"message":{"data":"WzVd"}}"""));
        var error = Assert.Throws<FlowException>(() => StateDocument.Read(Flow.Flow, opened.Content, new() { Inside = opened.Inside }));
        Assert.StartsWith("The state document is not valid: at $[0] (line 1, byte 2, inside Base64 of a Pub/Sub push message) an object with a task", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_wrapping_is_an_error()
    {
        var text = Encoding.UTF8.GetString(Full);
        for (var i = 0; i < Limits.MaxWrappings + 1; i++)
            text = JsonSerializer.Serialize(text);
        Assert.Contains("more than 8 things", Assert.Throws<FlowException>(() => Envelope.Open(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decompression_bomb_is_an_error_before_it_allocates()
    {
        var bomb = Gzip(new byte[100 * 1024 * 1024]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FlowException>(() => Envelope.Open(bomb));
        Assert.Contains("unpack to more than", error.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 * Packing.Limit(bomb.Length));

        var twice = Gzip(Gzip(new byte[400 * 1024 * 1024]));
        Assert.Contains("unpack to more than", Assert.Throws<FlowException>(() => Envelope.Open(twice)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_gzip_is_an_error()
    {
        var packed = Gzip(Full);
        packed[20] ^= 0xff;
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => Envelope.Open(packed)).Id);
    }

    private static string Fill(string envelope, byte[] document)
    {
        var text = Encoding.UTF8.GetString(document);
        return envelope
            .Replace("{json}", text, StringComparison.Ordinal)
            .Replace("{text}", JsonSerializer.Serialize(text), StringComparison.Ordinal)
            .Replace("{base64}", Convert.ToBase64String(document), StringComparison.Ordinal)
            .Replace("{xml}", System.Security.SecurityElement.Escape(text), StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            stream.Write(content);
        return packed.ToArray();
    }
}
