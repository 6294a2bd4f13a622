namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>What must hold after every schedule.</summary>
internal enum Promise
{
    /// <summary>What a step that ended well returned is what the record says ever after, results included.</summary>
    OutcomesStand,

    /// <summary>What is on record as finished is not run again by a step that opens later.</summary>
    NothingRunsAgain,

    /// <summary>Whatever is read can be read.</summary>
    NoDamage,

    /// <summary>A run that loses its head, by whatever, is told as damaged: it is neither begun again nor taken for one that was removed.</summary>
    LostHeadsAreTold,

    /// <summary>A conflict is told only where someone else worked on the run.</summary>
    ConflictsAreReal,

    /// <summary>A result, target or cache entry is replaced only by one who knows what is there.</summary>
    NothingIsReplacedBlindly,

    /// <summary>A run that was removed is not there again.</summary>
    RemovedStaysRemoved,

    /// <summary>Of a run whose removal was cut short everything is there, or nothing.</summary>
    RemovalIsWhole,

    /// <summary>The history of a step tells what happened in it.</summary>
    HistoryStands,

    /// <summary>The log has what the bodies of a step wrote that ended well, once, as of that step, and nothing twice.</summary>
    LogStands,

    /// <summary>The index tells what the record does.</summary>
    IndexIsRight,

    /// <summary>Once nobody works on a run, one more step ends it.</summary>
    RunsEnd,

    /// <summary>After a removal nothing of the run is left.</summary>
    LitterEnds,

    /// <summary>What was asked of a run is applied once, though its sender and whoever applies it die, and none of it is lost.</summary>
    RequestsAreAppliedOnce,

    /// <summary>What one sender asks of a run is applied in the order in which it was asked.</summary>
    SendersOrderIsKept,

    /// <summary>A run that was stopped or suspended stays so until somebody asks otherwise, and nothing of it runs in a step that opens later.</summary>
    MarksStand,

    /// <summary>An event that a run has is kept until a task takes it, and no other task gets it.</summary>
    EventsAreTakenOnce,

    /// <summary>Of several that look for an unfinished run at once, one begins one.</summary>
    OneRunBegins,
}
