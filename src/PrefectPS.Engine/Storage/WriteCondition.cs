using System.Runtime.InteropServices;

namespace PrefectPS.Storage;

/// <summary>Condition on an object at the moment it is written. The default is no condition.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WriteCondition
{
    private WriteCondition(bool isAbsent, string? version) => (IsAbsent, Version) = (isAbsent, version);

    /// <summary>No condition: the object is created or replaced.</summary>
    public static WriteCondition Always => default;

    /// <summary>The object does not exist.</summary>
    public static WriteCondition IfAbsent { get; } = new(isAbsent: true, version: null);

    /// <summary>True if the object must not exist.</summary>
    public bool IsAbsent { get; }

    /// <summary>The version that the object must have; null if the condition is not about a version.</summary>
    public string? Version { get; }

    /// <summary>True if there is no condition.</summary>
    public bool IsAlways => !IsAbsent && Version is null;

    /// <summary>The object is unchanged: it has this version, or does not exist if the version is null.</summary>
    internal static WriteCondition IfUnchanged(string? version) => version is null ? IfAbsent : IfVersion(version);

    /// <summary>The object exists and has this version, which a read or write returned.</summary>
    public static WriteCondition IfVersion(string version) => new(isAbsent: false, version);
}
