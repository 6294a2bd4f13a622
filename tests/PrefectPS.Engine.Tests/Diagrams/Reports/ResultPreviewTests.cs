using System.Security;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Diagrams.Reports;

public class ResultPreviewTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { "plain text", "plain text" },
        { true, "true" },
        { 1.5, "1.5" },
        { new byte[3], "3 bytes" },
        { new DateTime(2026, 11, 24, 8, 30, 0, DateTimeKind.Utc), "2026-11-24T08:30:00.0000000Z" },
        { new object[] { 1, "two" }, "[\n  1,\n  \"two\"\n]" },
        { new Dictionary<string, object> { ["a"] = Array.Empty<int>() }, "{\n  a: []\n}" },
        { new { Name = "x", Secret = new SecureString() }, "{\n  Name: \"x\",\n  Secret: (secret)\n}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_shown_as_a_person_reads_it(object? value, string expected) =>
        Assert.Equal((expected, false), Preview(value));

    [Theory]
    [InlineData("abcdef", 4, "abcd", true)]
    [InlineData("abcd", 4, "abcd", false)]
    [InlineData("abc\ud83d\ude00", 4, "abc", true)]
    public void A_long_value_is_cut_between_characters(string value, int length, string expected, bool isCut) =>
        Assert.Equal((expected, isCut), Preview(value, length));

    [Fact]
    public void Only_the_beginning_of_an_endless_value_is_read()
    {
        var seen = 0;
        var (text, isCut) = Preview(Enumerable.Range(0, int.MaxValue).Select(i => seen = i), 20);

        Assert.Equal("[\n  0,\n  1,\n  2,\n  3", text);
        Assert.True(isCut);
        Assert.True(seen < 10);
    }

    [Fact]
    public void A_cyclic_value_is_shown_to_a_depth()
    {
        var list = new List<object>();
        list.Add(list);

        Assert.Contains("…", Preview(list).Text, StringComparison.Ordinal);
    }

    private static (string Text, bool IsCut) Preview(object? value, int length = 1000)
    {
        var (text, isCut) = ResultPreview.Of(value, PlainValueAdapter.Instance, length);
        return (text.Replace("\r\n", "\n", StringComparison.Ordinal), isCut);
    }
}
