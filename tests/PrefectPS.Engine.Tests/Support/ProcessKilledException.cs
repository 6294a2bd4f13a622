namespace PrefectPS.Engine.Tests.Support;

/// <summary>Stands for the end of the process: nobody but the test handles it.</summary>
internal sealed class ProcessKilledException() : Exception("The process was killed.");
