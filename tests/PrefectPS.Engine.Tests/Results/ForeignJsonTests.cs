using System.Collections;
using System.Text;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

/// <summary>JSON of other programs is read completely or rejected with the position.</summary>
public class ForeignJsonTests
{
    private static readonly JsonSerializer Json = new(PlainValueAdapter.Instance);

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_byte_order_mark_is_skipped(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        Assert.Equal("日本", Read([.. encoding.GetPreamble(), .. encoding.GetBytes("{\"a\":\"日本\"}")])["a"]);
    }

    [Fact]
    public void Half_a_UTF_16_code_unit_is_rejected() => Assert.Throws<FormatException>(() => Json.Read([0xFF, 0xFE, 0x22, 0x00, 0x00, 0xD8, 0x22, 0x00]));

    [Fact]
    public void An_empty_key_keys_that_differ_in_case_and_keys_with_a_dollar_are_kept()
    {
        var map = Read("""{"":1,"a":2,"A":3,"$schema":"s","$id":4,"b":{"":5},"$ref":"#/x"}"""u8);
        Assert.Equal(["", "a", "A", "$schema", "$id", "b", "$ref"], map.Keys.Cast<string>());
        Assert.Equal((2, 3), (map["a"], map["A"]));
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"$type":"Newtonsoft.Type, Assembly","x":1}}""", "the $type 'Newtonsoft.Type, Assembly' is not known", "before byte ")]
    [InlineData("""{"a":1,"b":{"$type":7}}""", "a $type is one string", "before byte ")]
    [InlineData("""{"a":1,"a":2}""", "'a' twice", "before byte 13 ")]
    public void An_unknown_tag_is_rejected_with_its_position(string json, string fault, string place)
    {
        var error = Assert.Throws<FormatException>(() => Json.Read(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    private static IDictionary Read(ReadOnlySpan<byte> json) => (IDictionary)Json.Read(json)!;
}
