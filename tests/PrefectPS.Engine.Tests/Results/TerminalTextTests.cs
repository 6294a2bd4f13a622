using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

/// <summary>Texts shown to people cannot control their terminals.</summary>
public class TerminalTextTests
{
    [Fact]
    public void Control_characters_never_reach_the_terminal() => Gen.OneOf(ExtremeValues.Text, Gen.Char.Array[0, 20].Select(chars => new string(chars))).Sample(text =>
    {
        foreach (var shown in new[] { TerminalText.Of(text), new FlowException(FlowErrorId.StateInvalid, text).Message })
        {
            Assert.Equal(text.Length, shown.Length);
            var lines = shown.Replace("\r\n", "\n", StringComparison.Ordinal);
            Assert.DoesNotContain(lines, c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.DoesNotContain(lines, c => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
        }
    });

    [Theory]
    [InlineData("plain, 日本 😀\nline\ttab\r\nend")]
    [InlineData("")]
    public void Plain_text_is_unchanged(string text) => Assert.Same(text, TerminalText.Of(text));

    [Fact]
    public void An_escape_sequence_is_shown_but_not_executed() => Assert.Equal("a\ufffd[31mb\ufffd", TerminalText.Of("a\u001b[31mb\r"));
}
