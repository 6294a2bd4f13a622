using System.Diagnostics;
using System.Globalization;

namespace PrefectPS.Integration.Tests.Support;

/// <summary>Sends signals to processes.</summary>
internal static class ProcessSignal
{
    /// <summary>Sends one.</summary>
    /// <param name="process">To which process.</param>
    /// <param name="signal">Its name, as <c>STOP</c> or <c>CONT</c>.</param>
    public static async Task SendAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}
