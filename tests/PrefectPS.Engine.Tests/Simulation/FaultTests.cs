namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>
/// Schedules that break a promise of the record today, each as short as it can be: what the simulation must find. Where the fault is mended its row goes red
/// here, and becomes one that asserts that nothing is broken; <see cref="KnownFaults"/> loses the promise with it.
/// </summary>
public class FaultTests
{
    [Theory]
    [InlineData("A step that was taken over replaces a result", "two steps", "A@[write */results/b*] A!wait B* A*")]
    [InlineData("A step that was taken over replaces a result on record", "two short steps", "A@[write */results/a*] A!wait B* A*")]
    [InlineData("A step that was taken over replaces a target", "two steps with a target", "A@[write targets/*] A!wait B* A*")]
    [InlineData("A run replaces a target that it did not see", "two runs with one target", "A@[write targets/*] B* A*")]
    [InlineData("A run replaces a cache entry that it did not see", "two runs with one cache entry", "A@[write cache/*/entry.json] B* A*")]
    [InlineData(
        "A new run of the same id takes the record of a woken step", "step, removal and the same id anew",
        "A@[write */journal/*] A!wait B@[write */journal/*] A* B*")]
    [InlineData("A woken step replaces the checkpoint of a new run of the same id", "step, removal and the same id anew", "A@[write */state.json] A!wait B* A*")]
    [InlineData("A woken step replaces the history of a new run of the same id", "step, removal and the same id anew", "A@[write */history/*] A!wait B* A*")]
    [InlineData("A woken step brings a removed run back", "step and removal", "A@[write run-index/*/done/*] A!wait B* A*")]
    [InlineData("A woken removal deletes a result of a new run of the same id", "removal and the same id anew", "A@[delete */results/a*] A!wait B* A*")]
    [InlineData(
        "A step that tidies up late deletes records of a new run of the same id", "step, removal and all of the same id anew",
        "A@[delete */journal/*] A!wait B@[body b] A* B!die")]
    [InlineData("A step suspended while it reads runs a finished run again", "steps without results of their own", "A@[read */journal/*] A!wait B* A*")]
    [InlineData("The holder of the lease fails at a late record in place of taking the next number", "two steps", "A@[write */journal/*] A!wait B@[write */journal/*] A* B*")]
    [InlineData("A step that begins late takes the index back", "two short steps", "A@[write run-index/*] A!wait B* A*")]
    public void A_known_fault_is_found(string fault, string scenario, string schedule) =>
        Assert.True(Scenarios.Of(scenario).Run(new ScriptedScheduler(schedule)).Violations.Count > 0, $"It is mended, or not looked for: {fault}.");
}
