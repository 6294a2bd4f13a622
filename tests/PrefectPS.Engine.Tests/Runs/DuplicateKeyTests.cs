using System.Reflection;
using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A duplicate key in a run's records is a fault: readers might choose different values.</summary>
public class DuplicateKeyTests
{
    public static TheoryData<string> Keys() => [.. DocumentKeys.All.Concat(RecordKeys.All).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void All_keys_are_listed()
    {
        static IEnumerable<string> Constants(Type keys) =>
            from field in keys.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            where field.IsLiteral
            select (string)field.GetRawConstantValue()!;
        Assert.Equivalent(Constants(typeof(DocumentKeys)), DocumentKeys.All, strict: true);
        Assert.Equivalent(Constants(typeof(RecordKeys)), RecordKeys.All, strict: true);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_duplicate_key_is_detected(string key)
    {
        AssertTwice($"{{\"{key}\":1,\"other\":2,\"{key}\":1}}", key);
        AssertTwice($"{{\"{key}\":1,\"{Escaped(key)}\":1}}", key);
        AssertTwice($"{{\"{Escaped(key)}\":1,\"{key}\":1}}", key);
    }

    [Theory]
    [InlineData("""{"record":1,"step":1,"closes":true,"closes":false}""", "closes")]
    [InlineData("""{"record":1,"base":{"merged":1,"merged":2}}""", "merged")]
    [InlineData("""{"record":1,"base":{"merged":1,"checkpoint":{"name":"a","name":"b"}}}""", "name")]
    [InlineData("""{"record":1,"step":1,"history":[],"tasks":[],"history":[]}""", "history")]
    [InlineData("""{"record":1,"holder":"a","record":2}""", "record")]
    public void A_journal_record_with_a_duplicate_key_is_rejected(string record, string key) => AssertRefused(record, key, content => JournalRecord.Read(content, number: 1));

    [Theory]
    [InlineData("""{"record":1,"openings":[],"openings":[1]}""", "openings")]
    [InlineData("""{"record":1,"segments":[{"name":"a","level":1,"level":2}]}""", "level")]
    [InlineData("""{"record":1,"records":[],"records":[]}""", "records")]
    public void A_segment_with_a_duplicate_key_is_rejected(string segment, string key) =>
        AssertRefused(segment, key, content => Segment.Read(PackedJson.Of(json => json.WriteRawValue(content, skipInputValidation: true)).Content));

    [Theory]
    [InlineData("holder", "\"b\"")]
    [InlineData("renewals", "7")]
    [InlineData("seconds", "9")]
    public void A_lease_with_a_duplicate_key_is_rejected(string key, string value) => AssertRefused($"{{\"{key}\":{value},\"{key}\":{value}}}", key, content => LeaseContent.Read(content));

    private static string Escaped(string key) => $"\\u{(int)key[0]:x4}{key[1..]}";

    private static void AssertTwice(string json, string key) => AssertRefused(json, key, content => RecordReader.Read(content, (ref Utf8JsonReader reader) =>
    {
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref reader, ref seen, out _))
            reader.Skip();
        return true;
    }));

    private static void AssertRefused(string json, string key, Action<byte[]> read)
    {
        var error = Assert.Throws<FlowException>(() => read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains($"the object has '{key}' twice", error.Message, StringComparison.Ordinal);
    }
}
