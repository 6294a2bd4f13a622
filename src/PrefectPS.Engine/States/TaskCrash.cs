namespace PrefectPS.States;

/// <summary>That a step ended without a word while a task's body ran alone: its process died, or was suspended for so long that the run was taken over. Immutable.</summary>
/// <param name="Step">The number of the step.</param>
/// <param name="Machine">The name of the machine that its process ran on.</param>
internal sealed record TaskCrash(int Step, string Machine);
