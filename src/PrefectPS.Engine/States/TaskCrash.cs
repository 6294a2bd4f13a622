namespace PrefectPS.States;

/// <summary>A crash of a step while a task's body ran alone: its process died, or was suspended until the run was taken over. Immutable.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="Machine">Name of the machine.</param>
internal sealed record TaskCrash(int Step, string Machine);
