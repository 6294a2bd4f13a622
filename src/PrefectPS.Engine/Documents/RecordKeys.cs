namespace PrefectPS.Documents;

/// <summary>Property names of records and leases that state documents lack.</summary>
internal static class RecordKeys
{
    public const string Record = "record";
    public const string Incarnation = "incarnation";
    public const string Notifies = "notifies";
    public const string UndoOn = "undoOn";
    public const string Undoing = "undoing";
    public const string Mark = "mark";
    public const string Holder = "holder";
    public const string Base = "base";
    public const string Merged = "merged";
    public const string Segment = "segment";
    public const string Segments = "segments";
    public const string Checkpoint = "checkpoint";
    public const string Records = "records";
    public const string Level = "level";
    public const string Bytes = "bytes";
    public const string Opens = "opens";
    public const string Resets = "resets";
    public const string ResetsAfter = "resetsAfter";
    public const string Cancelled = "cancelled";
    public const string Closes = "closes";
    public const string Interrupted = "interrupted";
    public const string History = "history";
    public const string Log = "log";
    public const string Opening = "opening";
    public const string Openings = "openings";
    public const string Updated = "updated";
    public const string NextStart = "nextStart";
    public const string Total = "total";
    public const string Finished = "finished";
    public const string Failed = "failed";
    public const string Began = "began";
    public const string Ended = "ended";
    public const string Budget = "budget";
    public const string MaxTasks = "maxTasks";
    public const string Host = "host";
    public const string Process = "process";
    public const string ProcessStarted = "processStarted";
    public const string Seconds = "seconds";
    public const string Renewals = "renewals";
    public const string Rules = "rules";
    public const string Schedule = "schedule";
    public const string Since = "since";
    public const string Begun = "begun";

    public const string Applies = "applies";
    public const string Request = "request";
    public const string Requests = "requests";
    public const string Kind = "kind";
    public const string Special = "special";
    public const string Void = "void";
    public const string Edit = "edit";
    public const string To = "to";
    public const string Downstream = "downstream";
    public const string Refused = "refused";

    /// <summary>All property names.</summary>
    public static IEnumerable<string> All { get; } =
    [
        Record, Incarnation, Notifies, UndoOn, Undoing, Mark, Holder, Base, Merged, Segment, Segments, Checkpoint, Records, Level, Bytes, Opens, Resets, ResetsAfter, Cancelled,
        Closes, Interrupted, History, Log, Opening, Openings, Updated, NextStart, Total, Finished, Failed, Began, Ended, Budget, MaxTasks,
        Host, Process, ProcessStarted, Seconds, Renewals, Rules, Schedule, Since, Begun,
        Applies, Request, Requests, Kind, Special, Void, Edit, To, Downstream, Refused,
    ];
}
