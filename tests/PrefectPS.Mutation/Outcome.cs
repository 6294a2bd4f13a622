namespace PrefectPS.Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>No test failed.</summary>
    Survives,

    /// <summary>A test failed.</summary>
    Dies,

    /// <summary>The tests did not end in their time: the mutant never ends, or the machine was busy.</summary>
    TimesOut,
}
