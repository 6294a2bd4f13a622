using System.Collections;
using System.Collections.Specialized;
using System.Numerics;
using System.Text;
using System.Xml;
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
        "\ud800", "a\udc00b", "\ud800\ud800\udc00", System.Net.IPAddress.Parse("2001:db8::1"), DBNull.Value, new DateOnly(2026, 11, 24), new TimeOnly(1, 2, 3, 4),
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
    public void Keys_that_only_their_case_tells_apart_stay_apart()
    {
        var table = Assert.IsType<Hashtable>(Travel(new Hashtable { ["a"] = 1, ["A"] = 2, ["b"] = 3 }));
        Assert.Equal((1, 2, 3), (table["a"], table["A"], table.Count));
        Assert.Equal(["x", "X"], Assert.IsType<OrderedDictionary>(Travel(new OrderedDictionary { ["x"] = 1, ["X"] = 2 })).Keys.Cast<string>());
    }

    [Fact]
    public void Halves_of_surrogate_pairs_are_kept_in_keys_too() =>
        Assert.Equal(1, Assert.IsType<Hashtable>(Travel(new Hashtable { ["\ud800"] = 1, ["\udc00"] = 2 }))["\ud800"]);

    [Fact]
    public void XML_comes_back_as_a_document_unless_it_has_a_document_type()
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml("<a>\n  <b/> </a>");
        Assert.Equal(document.OuterXml, Assert.IsType<XmlDocument>(Travel(document)).OuterXml);
        Assert.Equal("<b />", Travel(document.DocumentElement!["b"]!));

        var typed = new XmlDocument { XmlResolver = null };
        typed.LoadXml("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>");
        Assert.IsType<string>(Travel(typed));
        Assert.Throws<FormatException>(() => Json.Read("""{"$type":"xml","value":"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"}"""u8));
    }

    [Fact]
    public void An_array_of_several_dimensions_comes_back_as_its_rows() =>
        Assert.Equal(new object[] { new object[] { 1, 2 }, new object[] { 3, 4 }, new object[] { 5, 6 } }, Travel(new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }));

    [Fact]
    public void An_exception_keeps_what_a_person_asks_of_it()
    {
        var record = Assert.IsType<Dictionary<string, object?>>(Travel(new InvalidOperationException("outer", new FormatException("inner"))));
        Assert.Equal(("System.InvalidOperationException", "outer"), (record["Type"], record["Message"]));
        Assert.Equal("inner", Assert.IsType<Dictionary<string, object?>>(record["InnerException"])["Message"]);
    }

    [Fact]
    public void A_file_or_folder_comes_back_as_its_path()
    {
        var file = new FileInfo("x.txt");
        Assert.Equal(file.FullName, Assert.IsType<FileInfo>(Travel(file)).FullName);
        Assert.Equal(file.Directory!.FullName, Assert.IsType<DirectoryInfo>(Travel(file.Directory)).FullName);
    }

    [Fact]
    public void Types_patterns_and_numbers_that_are_not_known_are_their_text()
    {
        Assert.Equal("System.Int32", Travel(typeof(int)));
        Assert.Equal("a+", Travel(new System.Text.RegularExpressions.Regex("a+")));
        Assert.Equal("12", Travel((Int128)12));
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
