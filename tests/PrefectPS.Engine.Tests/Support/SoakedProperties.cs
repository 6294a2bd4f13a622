using System.Runtime.CompilerServices;
using CsCheck;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Gives properties that name no number of cases their number in a soak; CsCheck prints the seed of what fails.</summary>
internal static class SoakedProperties
{
    private const int Cases = 10_000;

    [ModuleInitializer]
    public static void Initialize() => Check.Iter = Series.IsWhole ? Cases : Check.Iter;
}
