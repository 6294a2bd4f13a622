using System.Collections;
using System.Collections.Specialized;
using System.Numerics;
using System.Text;
using CsCheck;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

public class ValueTests
{
    private static readonly JsonSerializer Json = new(PlainValueAdapter.Instance);

    public static TheoryData<object> Values =>
    [
        true, false, 0, -1, int.MaxValue, int.MaxValue + 1L, long.MinValue, ulong.MaxValue, BigInteger.Pow(10, 40), 1.5, 1.0, -0.0, 1e300, double.NaN,
        double.PositiveInfinity, 1.5f, 1.50m, decimal.MaxValue, 'x', '\0', "", "text", "ä€𝄞\u0001\"\\", "2026-11-24T00:00:00Z",
        new DateTime(2026, 11, 24, 1, 2, 3, DateTimeKind.Utc), new DateTime(2026, 11, 24, 1, 2, 3, DateTimeKind.Unspecified),
        new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.FromHours(5.5)).AddTicks(7), TimeSpan.FromTicks(12345678901), Guid.Empty,
        new Uri("https://example.org/a?b=c"), new Uri("a/b", UriKind.Relative), new Version(1, 2, 3),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_equal_and_of_its_type(object value)
    {
        var back = Travel(value);
        Assert.Equal(value, back);
        Assert.Equal(value.GetType(), back!.GetType());
    }

    [Fact]
    public void Small_integers_come_back_as_int_whatever_they_were() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], new object[] { (byte)1, (sbyte)2, (short)3, (ushort)4, 5u, 6L }.Select(Travel));

    [Fact]
    public void An_enum_comes_back_as_its_name() => Assert.Equal("Monday", Travel(DayOfWeek.Monday));

    [Fact]
    public void Bytes_come_back_as_bytes() => Assert.Equal(new byte[] { 0, 255 }, Assert.IsType<byte[]>(Travel(new byte[] { 0, 255 })));

    [Fact]
    public void Arrays_come_back_as_arrays_even_of_one_or_none()
    {
        Assert.Equal([], Assert.IsType<object[]>(Travel(Array.Empty<int>())));
        Assert.Equal([1], Assert.IsType<object[]>(Travel(new List<int> { 1 })));
        Assert.Equal(new object?[] { 1, null, "x" }, Assert.IsType<object[]>(Travel(new object?[] { 1, null, "x" })));
    }

    [Fact]
    public void Dictionaries_come_back_as_what_they_were_with_any_keys()
    {
        var table = Assert.IsType<Hashtable>(Travel(new Hashtable { ["$type"] = 1, ["a"] = new[] { 2 }, ["$$x"] = null }));
        Assert.Equal((1, null, 3), (table["$type"], table["$$x"], table.Count));
        Assert.Equal([2], Assert.IsType<object[]>(table["A"])); // case does not count, as in PowerShell

        var byNumber = Assert.IsType<Hashtable>(Travel(new Hashtable { [1] = "one", ["two"] = 2 }));
        Assert.Equal(("one", 2), (byNumber[1], byNumber["two"]));

        var ordered = Assert.IsType<OrderedDictionary>(Travel(new OrderedDictionary { ["z"] = 1, ["$typekeys"] = 2, ["a"] = 3 }));
        Assert.Equal(["z", "$typekeys", "a"], ordered.Keys.Cast<string>());
    }

    [Fact]
    public void Other_objects_become_records_of_their_properties_to_a_depth()
    {
        var record = Assert.IsType<Dictionary<string, object?>>(Travel(new Node(1, new(2, new(3, null)))));
        var inner = Assert.IsType<Dictionary<string, object?>>(record["Next"]);
        Assert.Equal((1, 2), (record["Id"], inner["Id"]));
        Assert.Equal("Node { Id = 3, Next =  }", inner["Next"]);
    }

    [Fact]
    public void A_value_that_contains_itself_is_one_clear_error()
    {
        var list = new ArrayList();
        list.Add(list);
        Assert.Equal(FlowErrorId.ResultInvalid, Assert.Throws<FlowException>(() => Travel(list)).Id);
    }

    [Fact]
    public void Any_text_comes_back_equal_even_in_a_key() => Gen.String.Sample(text =>
    {
        var back = (Hashtable)Travel(new Hashtable { [text] = text })!;
        return (string?)back[text] == text && back.Count == 1;
    });

    [Theory]
    [InlineData("""{"$type":"System.Diagnostics.Process","value":"x"}""")]
    [InlineData("""{"$type":5}""")]
    [InlineData("""{"$type":"guid"}""")]
    [InlineData("""{"$type":"guid","value":"nonsense"}""")]
    [InlineData("""{"$type":"char","value":"99999999"}""")]
    [InlineData("""{"$type":"bytes","value":"%"}""")]
    [InlineData("""{"$type":"hashtable","$typekeys":[1],"$typevalues":[]}""")]
    [InlineData("""{"$type":"hashtable","$typekeys":[null],"$typevalues":[1]}""")]
    [InlineData("1e999")]
    [InlineData("1 2")]
    [InlineData("")]
    public void What_is_no_value_is_a_format_error(string json) =>
        Assert.Throws<FormatException>(() => Json.Read(Encoding.UTF8.GetBytes(json).AsSpan()));

    private static object? Travel(object value) => Json.Read(Json.ToBytes(value));

    private sealed record Node(int Id, Node? Next);
}
