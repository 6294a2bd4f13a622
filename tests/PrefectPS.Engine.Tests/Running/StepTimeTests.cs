using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>When a time has come for a step: at that very moment, and not before.</summary>
public class StepTimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(24 * 60 * 60 * 1_000)] // longer than that no timer is set
    [InlineData(100L * 24 * 60 * 60 * 1_000)]
    public void A_step_is_over_at_its_deadline(long milliseconds)
    {
        var clock = new TestFlow().Clock;
        using var end = new StepEnd(clock, TestFlow.Start.AddMilliseconds(milliseconds), CancellationToken.None);
        if (milliseconds > 0)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.False(end.Token.IsCancellationRequested);
            clock.Advance(TimeSpan.FromMilliseconds(2)); // timers may end a little too early
        }

        Assert.True(end.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_step_that_does_not_wait_knows_whether_a_time_has_come(int milliseconds, bool hasCome)
    {
        using var clock = new StepClock(StepBudget.Unlimited, new TestFlow().Flow.Services, CancellationToken.None);
        Assert.Equal(hasCome, clock.TryWaitUntil(TestFlow.Start.AddMilliseconds(milliseconds), TestContext.Current.CancellationToken));
    }
}
