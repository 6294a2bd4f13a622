namespace PrefectPS.Runs;

/// <summary>The names in the records of a run that a state document does not have.</summary>
internal static class RecordKeys
{
    public const string Record = "record";
    public const string Holder = "holder";
    public const string Opens = "opens";
    public const string Closes = "closes";
    public const string History = "history";
    public const string Journal = "journal";
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
}
