using PrefectPS.Documents;

namespace PrefectPS.Engine.Tests.Documents;

public class Base64UrlTests
{
    [Theory]
    [InlineData("", new byte[0])]
    [InlineData("-_-_", new byte[] { 0xFB, 0xFF, 0xBF })]
    [InlineData("+/+/", new byte[] { 0xFB, 0xFF, 0xBF })]
    [InlineData("_w", new byte[] { 0xFF })]
    [InlineData("/w==", new byte[] { 0xFF })]
    [InlineData("__8", new byte[] { 0xFF, 0xFF })]
    [InlineData("A", null)]
    [InlineData("AAAAA", null)]
    [InlineData("AA=A", null)]
    [InlineData("AA!A", null)]
    public void Either_alphabet_is_read_with_padding_or_without(string text, byte[]? expected) => Assert.Equal(expected, Base64Url.Decode(text));

    [Fact]
    public void Bytes_of_any_length_come_back()
    {
        for (var length = 0; length < 100; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(255 - (i * 37)))];
            var text = Base64Url.Encode(bytes);
            Assert.Matches("^[A-Za-z0-9_-]*$", text);
            Assert.Equal(bytes, Base64Url.Decode(text));
        }
    }
}
