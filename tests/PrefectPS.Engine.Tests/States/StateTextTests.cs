using System.Reflection;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.States;

/// <summary>Every text of a state or error is truncated when it is created.</summary>
public class StateTextTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    public static TheoryData<string> Texts() =>
        [.. typeof(TaskError).GetProperties(Any).Where(property => property.PropertyType == typeof(string)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Every_text_of_an_error_is_cut(string name)
    {
        var error = new TaskError("short");
        var property = typeof(TaskError).GetProperty(name, Any)!;
        property.GetSetMethod()!.Invoke(error, [new string('x', 1_000_000)]);

        var text = (string)property.GetValue(error)!;

        Assert.Equal(name is nameof(TaskError.Message) or nameof(TaskError.Stack) ? Limits.MaxTextLength : Limits.MaxErrorPartLength, text.Length);
        Assert.EndsWith("… [cut: 1,000,000 characters in all]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_cut_by_the_constructor_and_by_a_change()
    {
        var text = new string('x', 1_000_000);
        Assert.Equal(Limits.MaxTextLength, new State(StateType.Failed, text).Message!.Length);
        Assert.Equal(Limits.MaxTextLength, (State.NotRun with { Message = text }).Message!.Length);
        Assert.Equal(Limits.MaxTextLength, new TaskError(text).Message.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void No_character_is_cut_in_two(int before)
    {
        var text = TruncatedText.Long(new string('x', before) + string.Concat(Enumerable.Repeat("😀", 100_000)))!;
        Assert.DoesNotContain('\ufffd', text);
        Assert.InRange(text.Length, Limits.MaxTextLength - 1, Limits.MaxTextLength);
    }

    [Fact]
    public void Short_texts_are_kept_and_lone_surrogates_are_replaced()
    {
        var fits = new string('x', Limits.MaxTextLength);
        Assert.Same(fits, TruncatedText.Long(fits));
        Assert.Equal("a\ufffdb", TruncatedText.Short("a\ud800b"));
        Assert.Null(TruncatedText.Long(null));
    }
}
