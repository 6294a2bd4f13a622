namespace PrefectPS.Processes;

/// <summary>A process as the system lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The id of the process that started it.</param>
/// <param name="Start">When it started, in a unit of the system: distinguishes it from a later process with the same id.</param>
/// <param name="HasEnded">Whether it is a zombie: ended, but not yet reaped by its parent.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, long Start, bool HasEnded);
