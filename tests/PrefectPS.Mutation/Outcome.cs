namespace PrefectPS.Mutation;

/// <summary>The result of a mutant.</summary>
internal enum Outcome
{
    /// <summary>No test failed.</summary>
    Survives,

    /// <summary>A test failed.</summary>
    Dies,

    /// <summary>The tests timed out: the mutant does not terminate, or the machine was busy.</summary>
    TimesOut,
}
