namespace PrefectPS.Engine.Tests.Support;

/// <summary>Simulates the end of the process: only the test catches it.</summary>
internal sealed class ProcessKilledException() : Exception("The process was killed.");
