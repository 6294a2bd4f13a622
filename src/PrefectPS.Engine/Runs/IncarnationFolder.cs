namespace PrefectPS.Runs;

/// <summary>Where one incarnation of a run keeps what counts for it alone. A run that was removed and begun again under the same id has another.</summary>
/// <param name="run">The run's folder.</param>
/// <param name="incarnation">The incarnation.</param>
internal sealed class IncarnationFolder(RunFolder run, string incarnation)
{
    private const string Extension = ".json";

    private readonly string _root = $"{run.Root}{incarnation}/";

    /// <summary>The run's folder.</summary>
    public RunFolder Run => run;

    /// <summary>The incarnation.</summary>
    public string Incarnation => incarnation;

    /// <summary>The state document as the last step left it.</summary>
    public string State => _root + "state.json";

    /// <summary>What the paths of all records begin with.</summary>
    public string Journal => _root + "journal/";

    /// <summary>What the paths of all steps' histories begin with.</summary>
    public string HistoryRoot => _root + "history/";

    /// <summary>Its summary in the index once it is finished.</summary>
    public string Done => run.Done(incarnation);

    /// <summary>A record of the journal, by its number.</summary>
    public string Record(int number) => $"{Journal}{RunFolder.Number(number)}{Extension}";

    /// <summary>What happened in a step.</summary>
    public string History(int step) => $"{HistoryRoot}{RunFolder.Number(step)}{Extension}";

    /// <summary>What the paths of the results begin with that one holder of the lease writes: no two holders share a place.</summary>
    public string ResultsOf(string holder) => $"{_root}results/{holder}/";
}
