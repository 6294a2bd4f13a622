namespace PrefectPS.Processes;

/// <summary>A process as the system lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The id of the process that started it.</param>
/// <param name="Start">When it started, in a unit of the system's: with the id it tells it from another one that has its id later.</param>
/// <param name="HasEnded">Whether only its parent has not taken note of its end.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, long Start, bool HasEnded);
