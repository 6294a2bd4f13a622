using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>What the states of many tasks have in common; what they have not stands in columns.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Message">Their message.</param>
/// <param name="HasValue">Whether each has a result of its own in the column of values.</param>
/// <param name="HasLocation">Whether each has a place of its own in the column of locations.</param>
/// <param name="Location">The place of their results, with <see cref="SlugMark"/> for each one's slug; null for none, or one of its own.</param>
/// <param name="Serializer">The name of the form that their results have there, where the extension does not say it.</param>
/// <param name="HasTime">Whether each has times of its own in the column of times.</param>
internal readonly record struct Shape(StateType Type, string? Message, bool HasValue, bool HasLocation, string? Location, string? Serializer, bool HasTime)
{
    /// <summary>Stands for the slug, as a part of a path, in a location.</summary>
    public const string SlugMark = "\u0001";

    /// <summary>The names of shapes in the column of states, one letter each.</summary>
    public const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The name of what has no shape, but an entry of its own.</summary>
    public const char Own = '*';

    /// <summary>The state that all of them are, but for the columns.</summary>
    public State ToState() => new(Type, Message);

    /// <summary>Whether a state of this kind that has neither result nor times is taken for one whose body put out nothing.</summary>
    public static bool ImpliesNothing(State state) => state.Type.IsSuccessful() && !state.Type.IsSkipped() && state.Type != StateType.Mapped;
}
