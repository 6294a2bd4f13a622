namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An emulator is unavailable on this machine; the message says why.</summary>
internal sealed class EmulatorMissingException(string message) : Exception(message);
