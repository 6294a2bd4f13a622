namespace PrefectPS.Runs;

/// <summary>Paths of one incarnation of a run. A run that was removed and created again under the same id has another.</summary>
/// <param name="run">The run's folder.</param>
/// <param name="incarnation">The incarnation.</param>
public sealed class IncarnationFolder(RunFolder run, string incarnation)
{
    private const string Extension = ".json";
    private const string PackedExtension = ".json.gz";

    private readonly string _root = $"{run.Root}{incarnation}/";

    /// <summary>The run's folder.</summary>
    internal RunFolder Run => run;

    /// <summary>The incarnation.</summary>
    internal string Incarnation => incarnation;

    /// <summary>Path prefix of the journal records.</summary>
    internal string Journal => _root + "journal/";

    /// <summary>Path prefix of pending control requests.</summary>
    internal string Inbox => _root + "inbox/";

    /// <summary>Path of the index entry once the run is finished.</summary>
    internal string Done => run.Done(incarnation);

    /// <summary>Path of a journal record.</summary>
    internal string Record(int number) => $"{Journal}{RunFolder.Number(number)}{Extension}";

    /// <summary>Name of a segment or checkpoint, unique per holder of the lease: the last record it includes, and the holder.</summary>
    internal static string NameOf(int record, string holder) => $"{RunFolder.Number(record)}-{holder}";

    /// <summary>Path of a segment: merged records.</summary>
    internal string Segment(string name) => $"{_root}segments/{name}{PackedExtension}";

    /// <summary>Path of a log segment.</summary>
    internal string Log(string name) => $"{_root}log/{name}{PackedExtension}";

    /// <summary>Path of a checkpoint: a state document of the run.</summary>
    internal string Checkpoint(string name) => $"{_root}checkpoints/{name}{PackedExtension}";

    /// <summary>Path prefix of results written by one holder of the lease; no two holders share it.</summary>
    internal string ResultsOf(string holder) => $"{_root}results/{holder}/";
}
