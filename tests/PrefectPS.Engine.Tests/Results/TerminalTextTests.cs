using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;

namespace PrefectPS.Engine.Tests.Results;

/// <summary>What the engine says to people does nothing to their terminals.</summary>
public class TerminalTextTests
{
    [Fact]
    public void No_text_commands_a_terminal() => Gen.OneOf(ExtremeValues.Text, Gen.Char.Array[0, 20].Select(chars => new string(chars))).Sample(text =>
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
    public void What_is_plain_is_kept(string text) => Assert.Same(text, TerminalText.Of(text));

    [Fact]
    public void An_escape_sequence_is_seen_and_does_nothing() => Assert.Equal("a\ufffd[31mb\ufffd", TerminalText.Of("a\u001b[31mb\r"));
}
