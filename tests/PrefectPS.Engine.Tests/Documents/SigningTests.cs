using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class SigningTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] OtherKey = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
    private static readonly SigningKeys Keys = new(Key);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public enum Form
    {
        Full,
        Compact,
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_signed_document_is_read_with_its_key(Form form)
    {
        var flow = MakeFlow();
        var run = flow.Step(flow.New(), maxTasks: 1);
        var decoded = Read(flow, Write(run, form, Keys), Keys);
        Assert.Equal((run.RunId, StateType.Success, "Task 1"), (decoded.RunId, decoded.Of("a").StateType, decoded.Of("a").Result));
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_signed_document_is_read_without_a_key_too(Form form)
    {
        var flow = MakeFlow();
        Assert.Equal(StateType.Success, StateDocument.Read(flow.Flow, Write(flow.RunAll(), form, Keys), ReadingOptions.Default).Run.StateType);
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void An_unsigned_document_is_not_trusted_where_a_key_is_given(Form form)
    {
        var flow = MakeFlow();
        AssertTampered("is not signed", () => Read(flow, Write(flow.RunAll(), form, null), Keys));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"slug\":\"a\",\"type\":\"Success\"}]")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void A_document_without_a_place_for_a_signature_is_not_trusted_where_a_key_is_given(string document) =>
        AssertTampered("is not signed", () => Read(MakeFlow(), Encoding.UTF8.GetBytes(document), Keys));

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_document_signed_with_another_key_is_not_trusted(Form form)
    {
        var flow = MakeFlow();
        AssertTampered("does not match its content", () => Read(flow, Write(flow.RunAll(), form, new(OtherKey)), Keys));
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_document_with_any_altered_byte_is_not_trusted(Form form)
    {
        var flow = MakeFlow();
        var document = Write(flow.RunAll(), form, Keys);
        for (var i = 0; i < document.Length; i++)
        {
            var altered = (byte[])document.Clone();
            altered[i] ^= 1;
            AssertTampered(string.Empty, () => Read(flow, altered, Keys));
        }
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_document_truncated_anywhere_is_not_trusted(Form form)
    {
        var flow = MakeFlow();
        var document = Write(flow.RunAll(), form, Keys);
        for (var length = 0; length < document.Length; length++)
            AssertTampered(string.Empty, () => Read(flow, document[..length], Keys));
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void A_document_signed_for_another_flow_is_not_trusted(Form form)
    {
        var other = new TestFlow("other").Task("a").Task("b");
        AssertTampered("it is of flow 'other', not of 'flow'", () => Read(MakeFlow(), Write(other.RunAll(), form, Keys), Keys));
    }

    [Fact]
    public void Content_after_the_signature_is_not_trusted()
    {
        var flow = MakeFlow();
        var signed = Encoding.UTF8.GetString(FlowStateWriter.Write(flow.RunAll(), Keys));
        AssertTampered("not its last property", () => Read(flow, Encoding.UTF8.GetBytes(signed[..^1] + ",\"run\":{}}"), Keys));
        AssertTampered(string.Empty, () => Read(flow, Encoding.UTF8.GetBytes(signed + signed), Keys));
    }

    [Fact]
    public void White_space_between_tokens_is_not_signed()
    {
        var flow = MakeFlow();
        using var json = JsonDocument.Parse(FlowStateWriter.Write(flow.RunAll(), Keys));
        var indented = JsonSerializer.SerializeToUtf8Bytes(json.RootElement, Indented);
        Assert.Equal(StateType.Success, Read(flow, indented, Keys).StateType);
    }

    [Theory]
    [InlineData(Form.Full)]
    [InlineData(Form.Compact)]
    public void Keys_are_rotated_one_after_the_other(Form form)
    {
        var flow = MakeFlow();
        var both = new SigningKeys([new KeyValuePair<string, byte[]>("2026", OtherKey), new KeyValuePair<string, byte[]>("2025", Key)]);
        var old = new SigningKeys([new KeyValuePair<string, byte[]>("2025", Key)]);
        Assert.Equal(StateType.Success, Read(flow, Write(flow.RunAll(), form, old), both).StateType);
        Assert.Equal(StateType.Success, Read(flow, Write(flow.RunAll(), form, both), both).StateType);
        AssertTampered("it is signed with the key '2026', which is not among those given", () => Read(flow, Write(flow.RunAll(), form, both), old));
        Assert.Equal(StateType.Success, Read(flow, Write(flow.RunAll(), form, both), new(OtherKey)).StateType);
    }

    [Fact]
    public void Another_program_can_check_the_signature_of_a_document()
    {
        var flow = MakeFlow();
        var document = Encoding.UTF8.GetString(FlowStateWriter.Write(flow.RunAll(), Keys));
        var cut = document.LastIndexOf(",\"signature\":", StringComparison.Ordinal);
        var signature = JsonElement.Parse(document[(cut + ",\"signature\":".Length)..^1]);
        Assert.Equal("default", signature.GetProperty("keyId").GetString());
        var expected = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes("prefectps-state-1\ndefault\n" + document[..cut] + "}"));
        Assert.Equal(Convert.ToBase64String(expected), signature.GetProperty("hmacSha256").GetString());
    }

    [Fact]
    public void Another_program_can_check_the_signature_of_a_compact_document()
    {
        var text = Encoding.UTF8.GetString(CompactWriter.Write(MakeFlow().RunAll(), keys: Keys));
        var end = text.LastIndexOf('.');
        var expected = HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(text[..end]));
        Assert.Equal(Base64Url.Encode(expected), text[(end + 1)..]);
        Assert.Equal("default", Encoding.UTF8.GetString(Base64Url.Decode(text.Split('.')[2])!));
    }

    [Fact]
    public void A_signer_outside_the_keys_is_rejected()
    {
        var error = Assert.Throws<FlowException>(() => new SigningKeys([new("one", new byte[32]), new("two", new byte[32])], signer: "three"));
        Assert.Equal(FlowErrorId.SigningKeyInvalid, error.Id);
    }

    [Fact]
    public void A_key_that_is_too_short_is_rejected()
    {
        var error = Assert.Throws<FlowException>(() => new SigningKeys(new byte[15]));
        Assert.Equal(FlowErrorId.SigningKeyInvalid, error.Id);
    }

    private static TestFlow MakeFlow() => new TestFlow().Task("a", _ => "Task 1").Task("b", _ => "\"quoted\", {and} \\ other, \"signature\":", "a");

    private static byte[] Write(FlowState run, Form form, SigningKeys? keys) => form == Form.Full ? FlowStateWriter.Write(run, keys) : CompactWriter.Write(run, keys: keys);

    private static FlowState Read(TestFlow flow, byte[] document, SigningKeys keys) => StateDocument.Read(flow.Flow, document, new() { SigningKeys = keys }).Run;

    private static void AssertTampered(string fault, Func<object> read)
    {
        var error = Assert.Throws<FlowException>(read);
        Assert.True(error.Id == FlowErrorId.StateTampered, error.Message);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }
}
