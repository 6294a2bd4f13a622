using System.Runtime.CompilerServices;

namespace PrefectPS.Results;

/// <summary>Objects are equal where they are one.</summary>
internal sealed class Sameness : IEqualityComparer<object>
{
    public static readonly Sameness Instance = new();

    private Sameness()
    {
    }

    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y);

    public int GetHashCode(object obj) => RuntimeHelpers.GetHashCode(obj);
}
