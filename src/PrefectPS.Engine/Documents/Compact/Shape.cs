using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>The part that many states share; the columns hold the rest.</summary>
/// <param name="Type">The states' type.</param>
/// <param name="Message">The states' message.</param>
/// <param name="HasValue">Whether each has a result in the column of values.</param>
/// <param name="HasLocation">Whether each has a location in the column of locations.</param>
/// <param name="Location">The location of their results, with <see cref="SlugMark"/> for the slug; null for none, or for a column.</param>
/// <param name="Serializer">The name of their results' format, where the extension does not select it.</param>
/// <param name="HasTime">Whether each has times in the column of times.</param>
internal readonly record struct Shape(StateType Type, string? Message, bool HasValue, bool HasLocation, string? Location, string? Serializer, bool HasTime)
{
    /// <summary>The placeholder of the slug in a location.</summary>
    public const string SlugMark = "\u0001";

    /// <summary>The shapes' letters in the column of states.</summary>
    public const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The letter of a state without a shape, which has an entry.</summary>
    public const char Own = '*';

    /// <summary>The common part as a state.</summary>
    public State ToState() => new(Type, Message);

    /// <summary>True if a state of this kind with neither result nor times stands for a body that output nothing.</summary>
    public static bool ImpliesNothing(State state) => state.Type.IsSuccessful() && !state.Type.IsSkipped() && state.Type != StateType.Mapped;
}
