using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Records task events, so that another process can continue the run. Called on the step's own thread.</summary>
internal interface IRunRecorder
{
    /// <summary>Path prefix, in the store of the record, that only this step writes to.</summary>
    string Results { get; }

    /// <summary>Path prefix for results without a target in a store, which may be another than that of the record.</summary>
    string ResultsIn(IFlowStore store);

    /// <summary>Incarnation of the run: distinguishes it from all others, including earlier runs with the same id.</summary>
    string Incarnation { get; }

    /// <summary>Records an event that was applied to the run's states.</summary>
    void Record(in TaskEvent taskEvent);

    /// <summary>
    /// True if an earlier step crashed and none has closed since: bodies then run one at a time, and each start is recorded, so that the one that kills
    /// the process is known.
    /// </summary>
    bool RecordsStarts { get; }

    /// <summary>Records that a body is about to run alone; undone if the step ends first and can still write.</summary>
    /// <param name="started">The applied event: the task as before, plus the crash that dying now would mean.</param>
    void RecordStart(in TaskEvent started);

    /// <summary>Records the tasks selected from now on; null for all.</summary>
    void RecordSelection(RunSelection? selection);

    /// <summary>Records a control request that is about to be applied.</summary>
    void RecordRequest(AppliedRequest request);

    /// <summary>Records a notification to send; null once all were sent.</summary>
    void RecordNotice(NotifyReason? due);

    /// <summary>Records output of a task, which is not needed to continue the run.</summary>
    /// <param name="task">Path of the task or child.</param>
    /// <param name="attempt">The attempt number.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="text">The text, secrets masked.</param>
    void RecordLine(string task, int attempt, FlowLogSource stream, string text);

    /// <summary>Flushes, at the step's durability, before a body starts or the step waits.</summary>
    /// <exception cref="FlowException">The record cannot be written, or another step has taken the run over.</exception>
    void Flush();

    /// <summary>Writes all recorded events regardless of the step's durability: what was done must not be repeated.</summary>
    /// <exception cref="FlowException">The record cannot be written, or another step has taken the run over.</exception>
    void Save();

    /// <summary>Verifies that this step still holds the run's lease, before it writes something that other runs may write too.</summary>
    /// <param name="mustRenew">Whether to renew the lease in any case, not only if its last renewal is older than the renewal interval.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another step has taken the run over; this one ends.</exception>
    void EnsureLease(bool mustRenew);
}
