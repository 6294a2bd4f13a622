namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Minimal schedules that violated a promise of the record at some time: regression tests for findings of the simulation.</summary>
public class FaultTests
{
    [Theory]
    [InlineData("A step that was taken over replaces a result", "two steps", "A@[write */results/*/b.*] A!wait B* A*")]
    [InlineData("A step that was taken over replaces a result on record", "two short steps", "A@[write */results/*/a.*] A!wait B* A*")]
    [InlineData(
        "A new run of the same id takes the record of a woken step", "step, removal and the same id anew",
        "A@[write */journal/*] A!wait B@[write */journal/*] A* B*")]
    [InlineData("A woken step replaces the checkpoint of a new run of the same id", "step, removal and the same id anew", "A@[write */checkpoints/*] A!wait B* A*")]
    [InlineData("A woken step brings a removed run back", "step and removal", "A@[write run-index/*/done/*] A!wait B* A*")]
    [InlineData("A woken removal deletes a result of a new run of the same id", "removal and the same id anew", "A@[delete */results/*/a.*] A!wait B* A*")]
    [InlineData(
        "A step that tidies up late deletes records of a new run of the same id", "a step that merges, removal and the same id anew",
        "A@[delete */journal/*] A!wait B@[body b] A* B!die")]
    [InlineData("A step asleep over more others than there are opening records believes that it has ended", "a step asleep over many that merge", "A@[body *] A!wait B* A*")]
    [InlineData("A step suspended while it reads runs a finished run again", "steps without results of their own", "A@[read run-index/*] A!wait B* A*")]
    [InlineData("The holder of the lease fails at a late record in place of taking the next number", "two steps", "A@[write */journal/*] A!wait B@[write */journal/*] A* B*")]
    [InlineData("A step that begins late takes the index back", "two short steps", "A@[write run-index/*] A!wait B* A*")]
    [InlineData("A step that was taken over replaces a target", "two steps with a target", "A@[write targets/*] A!wait B* A*")]
    [InlineData("A step that is forced and was taken over replaces a target", "two steps that are forced, with a target", "A@[write targets/*] A!wait B* A*")]
    [InlineData("A step that was taken over replaces a cache entry", "two steps with a cache entry", "A@[write cache/*/entry.json] A!wait B* A*")]
    [InlineData("A run replaces a target that it did not see", "two runs with one target", "A@[write targets/*] B* A*")]
    [InlineData("A run that is forced replaces a target that it did not see", "two runs that are forced, with one target", "A@[write targets/*] B* A*")]
    [InlineData("A run replaces a cache entry that it did not see", "two runs with one cache entry", "A@[write cache/*/entry.json] B* A*")]
    [InlineData("A run whose answer was lost takes its own target for another's", "two runs with one target", "A@[write targets/*] A!lose A* B*")]
    [InlineData(
        "A step begins at the number of a record that a woken step has written, included and deleted since", "two short steps",
        "A@[write */results/*/a.*] A!wait B@[write */journal/*] A* B*")]
    [InlineData(
        "A step takes a late write of the index entry for another step", "two steps", "A@[write */head.json] A A!stray A* B@[list */journal/] land B*")]
    [InlineData(
        "A removal that found no run deletes a part of one that was begun and finished since", "step and removal",
        "B@[write run-index/*] B!wait A* B@[delete */results/*/a.*] B!lose B*")]
    [InlineData(
        "A step that reads the head before a woken removal deletes it, and the mark after, goes on with a run that is going", "short steps and removal",
        "A@[delete */lease.json] A B@[write run-index/*] B!wait A@[read run-index/*] B@[delete */checkpoints/*] A* B*")]
    [InlineData(
        "A step that was taken over takes the entry away by which a run that goes on again is found", "short step and edit of what is done",
        "A@[write run-index/*/done/*] A!wait B@[list */journal/*] A* B*")]
    [InlineData(
        "Without the flow a run whose first record is not written yet is taken for one without tasks, and finished", "stop, removal and the same id anew",
        "B@[write */journal/*] B!wait A* B*")]
    [InlineData(
        "The holder of the lease takes records that a woken step has merged for lost", "requests",
        "B* C* D@[write */lease.json] A@[read */journal/0000000006.json] A!wait D@[delete */lease.json.*] D D@[read */journal/0000000004.json] A* D*")]
    [InlineData(
        "A removal whose call deletes the head late leaves a run that others have taken for one that is not removed", "removal and the same id anew",
        "A@[delete */head.json] A!stray A B@[read */checkpoints/*] land B*")]
    [InlineData(
        "A finished run that loses its head after a request was applied to it, and its records merged, is begun again", "requests",
        "A*30 B*5 C B*3 A*20 C*9 C!wait D*3 C*27 C!die D*10 D!die")]
    [InlineData(
        "A removal that was suspended when it had looked removes a finished run that has gone on and ended again", "a finished run goes on beside its removal",
        "B@[write run-index/*] B!wait A* B*")]
    [InlineData(
        "A reader of the log of a run that is being removed takes it for damaged", "crowd",
        "B*20 B!wait D*23 A*2 A!wait C*27 C!fail C B*10 D*18 A*17 D* B* A*")]
    [InlineData(
        "A step ends well whose run is being removed by a removal that woke late", "short steps and removal",
        "A@[delete */lease.json] A B@[write run-index/*] B!wait A@[write run-index/*] B@[delete */head.json] A* B*")]
    [InlineData(
        "A removal that was suspended before it looked removes a run that was begun since", "step, removal and all of the same id anew", "B@[read run-index/*] B!wait A* B*")]
    [InlineData(
        "A step whose lease had ended believes that it has it still, and another takes it right after", "two steps that are forced, with a target",
        "A@[write */journal/0000000001.json] A!lose A!wait A@[read targets/*] A!fail B* A*")]
    [InlineData(
        "A step whose lease was taken by one that then failed to read the run is said to have lost it to nobody", "two steps in batches",
        "B*19 B!wait A*5 A!wait B!fire B*7 A!fail A A* B*")]
    [InlineData(
        "A step that found its lease unchanged, though ended, replaces a target of its successor", "two steps that are forced, with a target", "A*3 A!wait A*10 B* A*")]
    [InlineData(
        "A late call of a removal makes a step that begins the run fail, though nobody works on it",
        "removal of an unfinished run and the same id anew", "A*4 A!stray A*2 B*10 land B*10")]
    [InlineData(
        "A step ends well whose run a removal has deleted with its entry, which the step was about to delete", "crowd that merges",
        "A*9 A!fail A*38 A!wait C*3 A*14 D*8 D!fail D*22 C*4 B*2 B!fail B*4 B!wait D*5 B*20 C*10 C!wait B*6 C*9 C!wait B*5 C*21 C!wait D*11 C*22")]
    [InlineData(
        "A run that a caller begins after a removal had found none is taken for one that was removed", "callers of a schedule, and removal",
        "A*7 B*11 B!wait A*12 A!die B*10")]
    [InlineData(
        "A caller that had listed a run which was removed since begins it anew under its id", "callers of a schedule, and removal",
        "A*31 A!stray A A!fail A*2 A!wait B*20 land B A*25")]
    public void A_fault_that_was_mended_stays_so(string fault, string scenario, string schedule)
    {
        var violations = Of(scenario).Run(new ScriptedScheduler(schedule)).Violations;
        Assert.True(violations.Count == 0, $"{fault}: {string.Join('\n', violations)}");
    }

    private static FlowShape Chain => new("a", "b", "c", "d");

    private static Scenario Of(string name) => name switch
    {
        "requests" => Scenarios.Requests(Chain),
        "crowd that merges" => Scenarios.Crowd(Chain with { Logs = true, Journal = new() { MaxTail = 2, KeptOpenings = 2, LogInterval = TimeSpan.Zero, MaxLogInTail = 100 } }),
        "crowd" => Scenarios.Crowd(Chain with { Logs = true, Journal = new() { MaxTail = 8, KeptOpenings = 2, LogInterval = TimeSpan.Zero, MaxLogInTail = 100 } }),
        _ => Scenarios.Of(name),
    };
}
