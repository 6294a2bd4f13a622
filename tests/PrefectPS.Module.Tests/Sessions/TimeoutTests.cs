using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

public class TimeoutTests
{
    [Fact]
    [Trait("Load", "heavy")]
    public void A_task_that_would_not_stop_is_left_behind_and_its_runspace_is_replaced()
    {
        using var session = ModuleSession.Open();
        var cameToItsEnd = new bool[1];
        session.Set("end", cameToItsEnd);
        var states = session.Run("""
            $run = New-Flow stubborn {
                task sleeps { [Threading.Thread]::Sleep(60000); ($using:end)[0] = $true } -Timeout 0.2
                task next { "in thread $([Environment]::CurrentManagedThreadId)" } -Timeout 60 -After sleeps -Trigger AlwaysRun
            } | Invoke-Flow
            $run.Tasks.State
            """).Output;

        Assert.Equal(["TimedOut", "Success"], states.Select(state => state!.ToString()));
        Assert.False(cameToItsEnd[0], "The step waited for the task.");
    }
}
