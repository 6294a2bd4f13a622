namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Invariants that hold after every schedule.</summary>
internal enum Promise
{
    /// <summary>Outcomes returned by a successful step are recorded for good, with their results.</summary>
    OutcomesStand,

    /// <summary>Tasks recorded as finished are not executed again by a later step.</summary>
    NothingRunsAgain,

    /// <summary>Everything stored is readable.</summary>
    NoDamage,

    /// <summary>A run whose head is lost is reported as damaged: it is neither recreated nor taken for a removed one.</summary>
    LostHeadsAreTold,

    /// <summary>A conflict is only reported if another operation worked on the run.</summary>
    ConflictsAreReal,

    /// <summary>A result, target or cache entry is only replaced by a process that knows its content.</summary>
    NothingIsReplacedBlindly,

    /// <summary>A removed run does not reappear.</summary>
    RemovedStaysRemoved,

    /// <summary>An interrupted removal leaves all of the run, or none.</summary>
    RemovalIsWhole,

    /// <summary>The history of a step contains what happened in it.</summary>
    HistoryStands,

    /// <summary>The log contains each line of the bodies of successful steps exactly once, under its step.</summary>
    LogStands,

    /// <summary>The index agrees with the record.</summary>
    IndexIsRight,

    /// <summary>Once nobody works on a run, one more step ends it.</summary>
    RunsEnd,

    /// <summary>Nothing of a removed run is left.</summary>
    LitterEnds,

    /// <summary>A sent request is applied exactly once, even if its sender or the process that applies it dies.</summary>
    RequestsAreAppliedOnce,

    /// <summary>Requests of one sender are applied in order.</summary>
    SendersOrderIsKept,

    /// <summary>A stopped or suspended run stays so until it is resumed: no later step executes anything.</summary>
    MarksStand,

    /// <summary>A received event is kept until one task takes it, and no other task gets it.</summary>
    EventsAreTakenOnce,

    /// <summary>If several processes look for an unfinished run at once, only one is created.</summary>
    OneRunBegins,
}
