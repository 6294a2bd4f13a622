using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What flows of a PowerShell session take from it.</summary>
internal static class SessionServices
{
    public static FlowServices Create() => new() { Values = PowerShellValues.Instance };
}
