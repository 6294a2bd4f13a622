namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>A step that was suspended in a body looks whether the run is still its own before it writes where other runs may write, too.</summary>
public class LeaseLookTests
{
    [Theory]
    [InlineData("two steps with a target", "A: write targets/a.json")]
    [InlineData("two steps that are forced, with a target", "A: write targets/a.json")]
    [InlineData("two steps with a cache entry", "A: write cache/*")]
    public void A_step_taken_over_during_a_body_writes_neither_target_nor_cache(string scenario, string write)
    {
        Assert.Empty(Writes(scenario, write, "A@[body a] A!wait B@[body a] A*"));
        Assert.NotEmpty(Writes(scenario, write, "A@[body a] A!wait A*"));
    }

    private static IEnumerable<string> Writes(string scenario, string write, string schedule) => Scenarios.Of(scenario)
        .Run(new ScriptedScheduler(schedule)).World.Log
        .Where(call => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(write, call, ignoreCase: false));
}
