using System.Text;
using CsCheck;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Storage;

/// <summary>Names longer than file systems allow.</summary>
public sealed class LongNameTests
{
    public static TheoryData<string> Names => ["a", "ä", "日", "😀", "%", "/", ".", "<>", "a.", "\ud83d", "a b", "CON"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_of_any_length_becomes_a_path_segment(string unit)
    {
        for (var count = 1; count < 300; count++)
        {
            var part = StorePath.Escape(string.Concat(Enumerable.Repeat(unit, count)));
            Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, 240);
            Assert.Null(StorePath.FaultIn(part));
        }
    }

    [Fact]
    public void Long_names_that_differ_only_at_the_end_stay_distinct()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"{new string('ä', 300)}{i}").ToArray();
        Assert.Equal(names.Length, names.Select(StorePath.Escape).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Escaped_names_are_unique() => Gen.String[0, 400].Array[2].Sample(
        names => Assert.Equal(names[0] == names[1], StorePath.Escape(names[0]) == StorePath.Escape(names[1])));

    [Fact]
    public void No_short_name_equals_a_shortened_one()
    {
        var longer = StorePath.Escape(new('x', 1000));
        Assert.NotEqual(longer, StorePath.Escape(longer));
    }

    [Theory]
    [InlineData(240, ".json")]
    [InlineData(1000, ".json")]
    [InlineData(1000, ".tar.gz")]
    public void The_extension_is_kept(int length, string extension) =>
        Assert.EndsWith(Path.GetExtension(extension), StorePath.Escape(new string('x', length) + extension), StringComparison.Ordinal);

    [Fact]
    public void A_short_name_is_unchanged() => Assert.Equal(new('x', 240), StorePath.Escape(new('x', 240)));

    [Fact]
    public void A_path_with_a_too_long_segment_is_rejected()
    {
        var part = new string('日', 85);
        Assert.Null(StorePath.FaultIn($"a/{part}/b"));
        Assert.Equal($"'{part}x' has 256 bytes, and file systems allow 255 between two slashes", StorePath.FaultIn($"a/{part}x/b"));
    }

    [Fact]
    public void A_too_long_path_is_rejected()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('x', 199), 5));
        Assert.Null(StorePath.FaultIn(path));
        Assert.Equal("it has 1001 bytes, and stores take 1000", StorePath.FaultIn(path + "/y"));
    }
}
