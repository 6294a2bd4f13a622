using System.Runtime.CompilerServices;
using CsCheck;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Sets the number of cases of properties that do not specify one; CsCheck prints the seed of a failure.</summary>
internal static class SoakedProperties
{
    private const int Cases = 10_000;

    [ModuleInitializer]
    public static void Initialize() => Check.Iter = Series.IsWhole ? Cases : Check.Iter;
}
