using System.Collections;
using System.Collections.Specialized;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using CsCheck;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

public class ValueTests
{
    private static readonly JsonSerializer Json = new(PlainValueAdapter.Instance);

    public static TheoryData<object> Values =>
    [
        true, false, 0, -1, int.MaxValue, int.MaxValue + 1L, 42L, (byte)1, (sbyte)-2, (short)3, (ushort)4, 5u, (Half)1.5, (Int128)12, UInt128.MaxValue,
        long.MinValue, ulong.MaxValue, BigInteger.Pow(10, 40), 1.5, 1.0, -0.0, 1e300, double.NaN,
        double.PositiveInfinity, 1.5f, 1.50m, decimal.MaxValue, 'x', '\0', "", "text", "ä€𝄞\u0001\"\\", "2026-11-24T00:00:00Z", new string('x', 300),
        DayOfWeek.Monday, FileAttributes.Hidden | FileAttributes.System, (DayOfWeek)9,
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
    public void Bytes_come_back_as_bytes() => Assert.Equal(new byte[] { 0, 255 }, Assert.IsType<byte[]>(Travel(new byte[] { 0, 255 })));

    public static TheoryData<string> Lists => [.. ListsByName.Keys];

    private static Dictionary<string, object> ListsByName { get; } = new object[]
    {
        Array.Empty<object>(), Array.Empty<int>(), new[] { 1 }, new object?[] { 1, null, "x" }, new[] { 1L, 2L }, new byte?[] { 1, null }, new ulong[] { ulong.MaxValue },
        new[] { "a", null }, new[] { DayOfWeek.Monday }, new[] { 1.5m }, new[] { Guid.Empty }, new int[][] { [1], [], [2, 3] },
        new object[] { new[] { 1 }, new List<object> { 2 } },
        new List<int> { 1, 2 }, new List<object?> { 1, null }, new List<List<string>> { new() { "a" } }, new System.Collections.ObjectModel.Collection<long> { 1 },
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "b", "a" }, new HashSet<int> { 2, 1 }, new SortedSet<string>(StringComparer.Ordinal) { "a", "B" },
        new Queue<int>([1, 2, 3]), new Stack<int>([1, 2, 3]), new ArrayList { 1, "a" }, new Queue(new[] { 1, 2 }), new Stack(new[] { 1, 2 }),
        new Hashtable(StringComparer.OrdinalIgnoreCase) { ["a"] = 1L }, new Hashtable { ["A"] = 1 }, new Hashtable { [1] = "one", [2L] = "two", ["x"] = null, [Guid.Empty] = 1 },
        new OrderedDictionary(StringComparer.OrdinalIgnoreCase) { ["z"] = 1, ["a"] = 2 }, new OrderedDictionary { ["z"] = 1, ["$typekeys"] = 2, ["$$a"] = 3, [""] = 4 },
        new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["b"] = null },
        new Dictionary<int, long> { [2] = 1, [1] = 2 }, new Dictionary<DayOfWeek, byte> { [DayOfWeek.Friday] = 1 }, new Dictionary<string, List<int>> { ["a"] = [1] },
        new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["B"] = 2 }, new SortedDictionary<int, string> { [2] = "b", [1] = "a" },
        new SortedList<string, int> { ["b"] = 1, ["a"] = 2 }, new System.Collections.Concurrent.ConcurrentDictionary<string, int>([new("a", 1)]),
        new Dictionary<string, int>(),
    }.Select((value, i) => ($"{i}: {value.GetType()}", value)).ToDictionary(pair => pair.Item1, pair => pair.value);

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_or_dictionary_comes_back_as_its_type_in_its_order_with_what_tells_keys_apart(string name)
    {
        var value = ListsByName[name];
        var back = Travel(value)!;
        Assert.Equal(Shape(value), Shape(back));
        if (value is IDictionary { Count: > 0 } map && map.Keys.Cast<object>().First() is string key)
            Assert.Equal(map.Contains(key.ToUpperInvariant()), ((IDictionary)back).Contains(key.ToUpperInvariant()));
        Assert.Equal(Shape(value), Shape(Travel(new object[] { value })!)[("Object[] ".Length + 1)..^1]);
    }

    [Fact]
    public void An_array_of_several_dimensions_keeps_them()
    {
        var grid = new[,] { { 1L, 2 }, { 3, 4 }, { 5, 6 } };
        var back = Assert.IsType<long[,]>(Travel(grid));
        Assert.Equal((3, 2, 6L), (back.GetLength(0), back.GetLength(1), back[2, 1]));
        Assert.Empty(Assert.IsType<int[,,]>(Travel(new int[2, 0, 3])));
    }

    [Fact]
    public void A_part_that_occurs_twice_is_written_once_and_is_one_again()
    {
        var part = new Hashtable { ["text"] = new string('x', 1000) };
        var back = Assert.IsType<object[]>(Travel(new object[] { part, part, new List<object> { part, part["text"]! } }));
        Assert.Same(back[0], back[1]);
        Assert.Same(back[0], ((List<object>)back[2]!)[0]);
        Assert.InRange(Json.ToBytes(new object[] { part, part, part["text"]!, part }).Length, 1000, 1300);
    }

    [Fact]
    public void Shared_parts_do_not_multiply_a_document()
    {
        object value = new object[] { "end" };
        for (var i = 0; i < 25; i++)
            value = new[] { value, value };
        Assert.False(Secrets.Contains(value, PlainValueAdapter.Instance));
        Assert.InRange(Json.ToBytes(value).Length, 100, 2000);
        var back = Travel(value);
        for (var i = 0; i < 25; i++)
            back = Assert.IsType<object[]>(back)[1];
        Assert.Equal(["end"], Assert.IsType<object[]>(back));
    }

    [Fact]
    public void Any_accepted_nesting_is_readable_at_the_same_limit()
    {
        var written = 0;
        foreach (var leaf in new object[] { 1, 1L, new[] { 1 }, new[] { 1L }, new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<int, int> { [1] = 1 }, new int[1, 1] })
        {
            for (var depth = 0; depth <= Limits.MaxValueDepth; depth++)
            {
                var value = Enumerable.Range(0, depth).Aggregate(leaf, (inner, i) => i % 3 == 0 ? new List<object> { inner } : new object[] { inner });
                byte[] json;
                try
                {
                    json = Json.ToBytes(value);
                }
                catch (FlowException)
                {
                    continue;
                }

                Assert.NotNull(Json.Read(json, depth: Limits.MaxValueDepth));
                written++;
            }
        }

        Assert.InRange(written, 250, 350);
    }

    [Fact]
    public void Any_graph_of_shared_parts_comes_back_with_the_same_sharing() => GenParts.Sample(value =>
    {
        var back = Travel(value)!;
        return Shape(back) == Shape(value) && Sharing(back).SequenceEqual(Sharing(value));
    });

    [Theory]
    [InlineData("""{"$type":"ref","value":"0"}""")]
    [InlineData("""[{"$type":"ref","value":"0"}]""")]
    [InlineData("""[[],{"$type":"ref","value":"9"}]""")]
    [InlineData("""[[],{"$type":"ref","value":"-1"}]""")]
    [InlineData("""{"$type":"int[]","$items":["x"]}""")]
    [InlineData("""{"$type":"byte[,]","$lengths":[2,2],"$items":[1]}""")]
    [InlineData("""{"$type":"list<int>","$items":[null]}""")]
    [InlineData("""{"$type":"list<System.Diagnostics.Process>","$items":[]}""")]
    [InlineData("""{"$type":"enum:Foo`1[[Bar, Evil]]","value":"x"}""")]
    [InlineData("""{"$type":"dictionary<string>","a":1}""")]
    [InlineData("""{"$type":"dictionary<string,int>","a":"x"}""")]
    [InlineData("""{"$type":"dictionary<string,int>","$comparer":"other","a":1}""")]
    [InlineData("""{"$type":"marked","$names":[1],"value":1}""")]
    [InlineData("""{"$type":"regex","value":"0 ("}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"$type":"ordered","a":1,"a":2}""")]
    public void JSON_that_the_writer_cannot_produce_is_a_format_error(string json) =>
        Assert.Throws<FormatException>(() => Json.Read(Encoding.UTF8.GetBytes(json).AsSpan()));

    [Theory]
    [InlineData("enum:PrefectPS.No.Such")]
    [InlineData("enum:System.Int32")]
    public void An_enum_that_is_not_loaded_comes_back_as_its_text(string tag) =>
        Assert.Equal("Red", Json.Read(Encoding.UTF8.GetBytes($$"""{"$type":"{{tag}}","value":"Red"}""").AsSpan()));

    [Fact]
    public void A_pattern_keeps_its_options_and_limit()
    {
        var back = Assert.IsType<Regex>(Travel(new Regex(
            "a b+", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(2))));
        Assert.Equal(("a b+", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(2)), (back.ToString(), back.Options, back.MatchTimeout));
        Assert.Equal(Regex.InfiniteMatchTimeout, Assert.IsType<Regex>(
            Travel(new Regex("x", RegexOptions.None, Regex.InfiniteMatchTimeout))).MatchTimeout);
        Assert.Equal("text", Assert.IsType<StringBuilder>(Travel(new StringBuilder("text"))).ToString());
        Assert.Equal(string.Empty, Assert.IsType<System.Globalization.CultureInfo>(Travel(System.Globalization.CultureInfo.InvariantCulture)).Name);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "exception", "$_" }, { "type", "FullName" }, { "stream", "its text, its bytes" }, { "code", "call it in this task" }, { "node", "OuterXml" }, { "table", "$table.Rows" },
        { "lazy", "@($list)" }, { "object", "Select-Object Id" }, { "comparer", "[StringComparer]" }, { "encoding", "WebName" }, { "struct", "its text or the numbers" },
        { "secret", "-Sensitive" }, { "own", "hashtable" }, { "bounds", "starts at 0" }, { "half", "unpaired surrogate" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_value_that_would_not_come_back_equal_is_rejected_with_a_remedy(string kind, string remedy)
    {
        var error = Assert.Throws<FlowException>(() => Travel(new Dictionary<string, object?> { ["part"] = new object?[] { 1, Refusable(kind) } }));
        Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
        Assert.Contains("'part[1]' of the value", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_objects_that_no_record_can_represent_become_tables()
    {
        var empty = Assert.IsType<Dictionary<string, object?>>(Json.Read("""{"":1,"$schema":"x","$$a":2}"""u8));
        Assert.Equal((1, "x", 2), (empty[""], empty["$schema"], empty["$a"]));
        var byCase = Assert.IsType<OrderedDictionary>(Json.Read("""{"b":1,"B":2}"""u8));
        Assert.Equal((1, 2), (byCase["b"], byCase["B"]));
    }

    [Fact]
    public void Keys_that_differ_only_in_case_stay_distinct()
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

        var typed = new XmlDocument { XmlResolver = null };
        typed.LoadXml("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>");
        Assert.Throws<FlowException>(() => Travel(typed));
        Assert.Throws<FormatException>(() => Json.Read("""{"$type":"xml","value":"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"}"""u8));
    }

    [Fact]
    public void A_file_or_folder_comes_back_as_its_path()
    {
        var file = new FileInfo("x.txt");
        Assert.Equal(file.FullName, Assert.IsType<FileInfo>(Travel(file)).FullName);
        Assert.Equal(file.Directory!.FullName, Assert.IsType<DirectoryInfo>(Travel(file.Directory)).FullName);
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
    public void A_malformed_value_is_a_format_error(string json) =>
        Assert.Throws<FormatException>(() => Json.Read(Encoding.UTF8.GetBytes(json).AsSpan()));

    private static object? Travel(object value) => Json.Read(Json.ToBytes(value));

    // Trees with repeated parts.
    private static Gen<object> GenParts => Gen.Int[0, 1000].Array[1, 30].Select(numbers =>
    {
        var parts = new List<object> { new List<int> { 1 } };
        foreach (var number in numbers)
        {
            var (one, other) = (parts[number % parts.Count], parts[number / 3 % parts.Count]);
            parts.Add((number % 5) switch
            {
                0 => new object[] { one, number, other },
                1 => new List<object> { other, one },
                2 => new OrderedDictionary { ["a"] = one, ["b"] = new string('t', 250 + number % 12), ["c"] = other },
                3 => new Hashtable { [number] = one },
                _ => new Dictionary<string, object> { ["x"] = one, ["y"] = other, ["z"] = one },
            });
            if (DepthOf(parts[^1]) > 12)
                parts.RemoveAt(parts.Count - 1);
        }

        return parts[^1];
    });

    private static int DepthOf(object value) => value is string or int ? 0 : 1 + Parts(value).Select(DepthOf).DefaultIfEmpty(0).Max();

    private static IEnumerable<object> Parts(object value) => value switch
    {
        string => [],
        IDictionary map => map.Values.Cast<object>(),
        IEnumerable items => items.Cast<object>(),
        _ => [],
    };

    // For each part, in order, the index of its first occurrence.
    private static List<int> Sharing(object value)
    {
        var seen = new List<object>();
        var sharing = new List<int>();
        Visit(value);
        return sharing;

        void Visit(object part)
        {
            if (part is int)
                return;
            var before = seen.FindIndex(other => ReferenceEquals(other, part));
            if (part is not string)
                sharing.Add(before);
            if (before >= 0)
                return;
            seen.Add(part);
            foreach (var inner in Parts(part))
                Visit(inner);
        }
    }

    private static string Shape(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        Array { Rank: > 1 } => throw new NotSupportedException(),
        Hashtable map => $"{map.GetType().Name} {{{string.Join(", ", Entries(map).Order(StringComparer.Ordinal))}}}",
        IDictionary map => $"{map.GetType()} {{{string.Join(", ", Entries(map))}}}",
        IEnumerable items => $"{(items is object[]? "Object[]" : items.GetType())} [{string.Join(", ", items.Cast<object?>().Select(Shape))}]",
        _ => $"{value.GetType()} {value}",
    };

    private static IEnumerable<string> Entries(IDictionary map)
    {
        for (var entry = map.GetEnumerator(); entry.MoveNext();)
            yield return $"{Shape(entry.Key)}={Shape(entry.Value)}";
    }

    private static object Refusable(string kind) => kind switch
    {
        "exception" => new InvalidOperationException("x"),
        "type" => typeof(int),
        "stream" => new MemoryStream(),
        "code" => new Action(() => { }),
        "node" => new XmlDocument().CreateElement("a"),
        "table" => new System.Data.DataTable(),
        "lazy" => Enumerable.Range(0, 3).Where(n => n > 0),
        "comparer" => new SortedDictionary<string, int>(Comparer<string>.Create((x, y) => string.CompareOrdinal(y, x))),
        "encoding" => Encoding.UTF8,
        "struct" => new Rune('x'),
        "secret" => new System.Security.SecureString(),
        "own" => new Own(),
        "bounds" => Array.CreateInstance(typeof(int), [2, 2], [1, 1]),
        "half" => new StringBuilder("\ud800"),
        _ => new Node(1, null),
    };

    private sealed record Node(int Id, Node? Next);

    private sealed class Own : Dictionary<string, int>;
}
