using System.Runtime.InteropServices;

namespace PrefectPS.Storage;

/// <summary>What must be true of an object at the moment it is written.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WriteCondition
{
    private WriteCondition(bool isAbsent, string? version) => (IsAbsent, Version) = (isAbsent, version);

    /// <summary>Nothing: it is written whether there is one or not.</summary>
    internal static WriteCondition Always => default;

    /// <summary>There is no such object.</summary>
    internal static WriteCondition IfAbsent { get; } = new(isAbsent: true, version: null);

    /// <summary>Whether there must be none.</summary>
    public bool IsAbsent { get; }

    /// <summary>The version that it must have; null where it need not have a certain one.</summary>
    public string? Version { get; }

    /// <summary>Whether it is written in any case.</summary>
    public bool IsAlways => !IsAbsent && Version is null;

    /// <summary>The object is as it was seen: of this version, or not there for null.</summary>
    internal static WriteCondition IfUnchanged(string? version) => version is null ? IfAbsent : IfVersion(version);

    /// <summary>The object is there and has this version, as a read or a write told it.</summary>
    public static WriteCondition IfVersion(string version) => new(isAbsent: false, version);
}
