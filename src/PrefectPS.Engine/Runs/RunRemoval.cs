using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Removes runs from a store. docs/runs.md says in which order, and why a remover that is suspended and wakes late does no harm.</summary>
public sealed class RunRemoval
{
    private readonly RunFiles _files;
    private readonly RunFolder _folder;
    private readonly Lease _lease;
    private readonly IReadOnlyList<IFlowStore> _others;

    private RunRemoval(RunFiles files, RunFolder folder, Lease lease, Flow? flow) =>
        (_files, _folder, _lease, _others) = (files, folder, lease, flow is null ? [] : [.. StoresOf(flow).Where(store => store.Address != files.Store.Address)]);

    /// <summary>Removes a run, its record and the results in it; results under targets stay.</summary>
    /// <param name="run">The run.</param>
    /// <param name="services">The times of the lease, and what waits while others apply requests; null for the usual.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: a step is working on it. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static void Remove(FlowRun run, FlowServices? services = null)
    {
        var files = new RunFiles(run.Provider);
        using var lease = AppliersLease.TryTake(files, run.Folder, services ?? new(), () => { }) ?? throw FlowErrors.RunBusy(run.Folder);
        for (var looks = 1; ; looks++)
        {
            try
            {
                Remove(files, run.Folder, OpenEntry.Look(files, run.Folder), lease, run.Definition);
                return;
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && looks < LeaseOptions.MaxLateWrites && lease.IsHeld(isDoubted: true))
            {
                // A late write of a process that has given its lease back.
            }
        }
    }

    /// <summary>Removes a run, or ends its removal, for who holds its lease.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="seen">Its entry of the index, as it was when it was found that the run is to be removed: what was begun since is another run.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="flow">Its flow, whose tasks may have written results to stores of their own; null where it is not at hand.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another process has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static void Remove(RunFiles files, RunFolder folder, OpenEntry seen, Lease lease, Flow? flow) =>
        new RunRemoval(files, folder, lease, flow).Remove(seen);

    /// <summary>A run that can be removed because something of it is there, though it may not be read; null where nothing is.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static FlowRun? Find(IFlowStore store, RunFolder folder)
    {
        var files = new RunFiles(store);
        return files.VersionOf(folder.Open) is not null || files.List(folder.Root).Any() || files.List(folder.AllDone).Any()
            ? new(store, folder.Flow, folder.RunId) { StateType = StateType.Pending }
            : null;
    }

    // The mark keeps others from beginning a run of this id before this one is gone. What was listed while the head was still there, or the mark, is of
    // this run or of earlier ones; nothing else is deleted. Without its head the run is gone, and with the entry nobody looks for it any more.
    private void Remove(OpenEntry mark)
    {
        var (head, incarnation) = RunHead.Look(_files, _folder); // a later one has another entry, which the mark does not replace
        WriteMark(mark, incarnation);
        if (head is null && IsBegunSince())
        {
            mark.TryDelete();
            throw FlowErrors.RunTakenOver(_folder);
        }

        string[] listed = [.. Listed()];
        var listedElsewhere = _others.Select(store => new RunFiles(store))
            .SelectMany(files => files.List(RunPaths.ElsewhereOf(_folder.Root)).Select(entry => (files, entry.Path))).ToArray();
        if (head is null && !mark.TryWrite(Mark(incarnation: null, record: 0)))
            throw FlowErrors.RunTakenOver(_folder);
        if (head is not null && !_files.TryDelete(_folder.Head, head))
        {
            mark.TryDelete(); // another run has begun and ended since, which has no entry of this kind
            throw FlowErrors.RunTakenOver(_folder);
        }

        foreach (var path in listed)
            _files.Delete(path);
        foreach (var (files, path) in listedElsewhere)
            files.Delete(path);
        mark.TryDelete();
    }

    // Where there was an entry, its version tells whether the run is as it was seen. A finished one has none: its summary tells whether it has gone on, and ended again.
    private void WriteMark(OpenEntry mark, string? incarnation)
    {
        var summary = mark.IsThere || incarnation is null ? null : new IncarnationFolder(_folder, incarnation).Done;
        var record = summary is null ? int.MaxValue : RecordIn(summary);
        if (!_lease.IsHeld(isDoubted: false) || !mark.TryWrite(Mark(incarnation, record)))
            throw FlowErrors.RunTakenOver(_folder);
        if (summary is null || RecordIn(summary) <= record)
            return;
        mark.TryDelete();
        throw FlowErrors.RunTakenOver(_folder);
    }

    private int RecordIn(string summary) => DoneEntry.FindRecord(_files, summary) ?? 0;

    private static IEnumerable<IFlowStore> StoresOf(Flow flow) =>
        flow.Plan.Tasks.SelectMany(task => (task.Results is { } results ? [results.Store] : Array.Empty<IFlowStore>()).Concat(task.Subflow is { } subflow ? StoresOf(subflow) : []))
            .Concat(flow.Store is { } own ? [own] : []);

    // There was no run. One that was begun and finished since has no entry of this kind, so that the mark found nothing to conflict with.
    private bool IsBegunSince() => _files.VersionOf(_folder.Head) is not null && LivingRun.Find(_files, _folder) is not null;

    private IEnumerable<string> Listed()
    {
        var isOld = false;
        foreach (var entry in _files.List(_folder.Root).Concat(_files.List(_folder.AllDone)))
        {
            isOld |= entry.Path == _folder.OldState;
            if (entry.Path != _folder.Head && entry.Path != _folder.Lease)
                yield return entry.Path;
        }

        if (isOld)
            yield return _folder.OldDone;
    }

    // With the mark the run that it names is gone for whoever looks. No two marks are the same, so that a lost answer is told apart from another process's mark.
    private FlowRun Mark(string? incarnation, int record) => new(_files.Store, _folder.Flow, _folder.RunId)
    {
        Mark = EntryMark.Removing,
        Incarnation = incarnation ?? string.Empty,
        Record = record,
        Opening = new(0, Guid.NewGuid().ToString("n")),
        StateType = StateType.Pending,
    };
}
