namespace PrefectPS.Runs;

/// <summary>Where one incarnation of a run keeps what counts for it alone. A run that was removed and begun again under the same id has another.</summary>
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

    /// <summary>What the paths of all records begin with.</summary>
    internal string Journal => _root + "journal/";

    /// <summary>What the paths of all control requests that are left for it begin with.</summary>
    internal string Inbox => _root + "inbox/";

    /// <summary>Its summary in the index once it is finished.</summary>
    internal string Done => run.Done(incarnation);

    /// <summary>A record of the journal, by its number.</summary>
    internal string Record(int number) => $"{Journal}{RunFolder.Number(number)}{Extension}";

    /// <summary>What tells the segment or checkpoint of a holder of the lease from all others: the last record that it includes, and the holder.</summary>
    internal static string NameOf(int record, string holder) => $"{RunFolder.Number(record)}-{holder}";

    /// <summary>Records that have been merged, by the segment's name.</summary>
    internal string Segment(string name) => $"{_root}segments/{name}{PackedExtension}";

    /// <summary>Lines of the log, by the segment's name.</summary>
    internal string Log(string name) => $"{_root}log/{name}{PackedExtension}";

    /// <summary>A state document of the run, by the checkpoint's name.</summary>
    internal string Checkpoint(string name) => $"{_root}checkpoints/{name}{PackedExtension}";

    /// <summary>What the paths of the results begin with that one holder of the lease writes: no two holders share a place.</summary>
    internal string ResultsOf(string holder) => $"{_root}results/{holder}/";
}
