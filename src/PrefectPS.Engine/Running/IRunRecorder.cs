using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Records what happens to the tasks of a run, so that another process can go on from there. Called on the step's own thread.</summary>
internal interface IRunRecorder
{
    /// <summary>What the paths in the store of the run's record begin with that this step alone writes to.</summary>
    string Results { get; }

    /// <summary>What the paths of results without a target begin with: the step's own place in a store, which may be another than that of the run's record.</summary>
    string ResultsIn(IFlowStore store);

    /// <summary>What tells the run from every other one, whether of another id or begun again under the same.</summary>
    string Incarnation { get; }

    /// <summary>Records an event, which has been applied to the run's states.</summary>
    void Record(in TaskEvent taskEvent);

    /// <summary>
    /// True if a step before this one ended without a word, and none has ended in good order since: bodies run one at a time then, and the start of each is recorded
    /// before it begins, so that it is known which one ends the process.
    /// </summary>
    bool RecordsStarts { get; }

    /// <summary>Records that a body is about to run alone, until the task is settled; where the step ends before that, and can say why, it is taken back.</summary>
    /// <param name="started">The event, which has been applied: the task is as before, but for the crash that this would be.</param>
    void RecordStart(in TaskEvent started);

    /// <summary>Records which tasks are to run from now on; null for all.</summary>
    void RecordSelection(RunSelection? selection);

    /// <summary>Records a control request, which is about to be applied to the run.</summary>
    void RecordRequest(AppliedRequest request);

    /// <summary>Records something that is to be told of the run; null once all was told.</summary>
    void RecordNotice(NotifyReason? due);

    /// <summary>Records what a task has written, which is no part of what a later step goes on from.</summary>
    /// <param name="task">The slug of the task or child, with its path.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="stream">Where the task wrote it.</param>
    /// <param name="text">What it wrote, without secrets.</param>
    void RecordLine(string task, int attempt, FlowLogSource stream, string text);

    /// <summary>Flushes, at the step's durability, before a body starts or the step waits.</summary>
    /// <exception cref="FlowException">The record cannot be written, or another step has taken the run over.</exception>
    void Flush();

    /// <summary>Writes what was recorded, whatever the step's durability: what was done must not be done again.</summary>
    /// <exception cref="FlowException">The record cannot be written, or another step has taken the run over.</exception>
    void Save();

    /// <summary>Demands, before something is written that other runs may write, too, that this step still has its run's lease.</summary>
    /// <param name="mustRenew">Whether the lease is read in any case, and not only where its last confirmed renewal is older than the renewal interval.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over, and this one ends.</exception>
    void EnsureLease(bool mustRenew);
}
