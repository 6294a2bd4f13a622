using System.Runtime.CompilerServices;

namespace PrefectPS.Results;

/// <summary>Compares objects by reference; netstandard2.0 lacks ReferenceEqualityComparer.</summary>
internal sealed class ReferenceComparer : IEqualityComparer<object>
{
    public static readonly ReferenceComparer Instance = new();

    private ReferenceComparer()
    {
    }

    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y);

    public int GetHashCode(object obj) => RuntimeHelpers.GetHashCode(obj);
}
