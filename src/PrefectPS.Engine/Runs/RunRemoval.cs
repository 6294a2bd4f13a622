using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Removes runs from a store. docs/runs.md explains the order of deletes, and why a remover that is suspended and wakes late does no harm.</summary>
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
    /// <param name="services">Lease options and clock; null for the defaults.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: a step works on the run. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static void Remove(FlowRun run, FlowServices? services = null)
    {
        var files = new RunFiles(run.Provider);
        using var lease = LeaseWait.TryTake(files, run.Folder, services ?? new(), () => { }) ?? throw FlowErrors.RunBusy(run.Folder);
        for (var looks = 1; ; looks++)
        {
            try
            {
                Remove(files, run.Folder, OpenEntry.Look(files, run.Folder), lease, run.Definition);
                return;
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && looks < LeaseOptions.MaxLateWrites && lease.IsHeld(mustRenew: true))
            {
                // Late write of a process that has released its lease: try again.
            }
        }
    }

    /// <summary>Removes a run, or completes its removal, on behalf of the lease's holder.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="seen">Its index entry as it was when the removal was decided: a run created since is another one.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="flow">The flow, whose tasks may have written results to stores of their own; null if unknown.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreConflict"/>: another process has taken the run over. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    internal static void Remove(RunFiles files, RunFolder folder, OpenEntry seen, Lease lease, Flow? flow) =>
        new RunRemoval(files, folder, lease, flow).Remove(seen);

    /// <summary>A removable run: some object of it exists, even if it cannot be read; null if none does.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static FlowRun? Find(IFlowStore store, RunFolder folder)
    {
        var files = new RunFiles(store);
        return files.VersionOf(folder.Open) is not null || files.List(folder.Root).Any() || files.List(folder.AllDone).Any()
            ? new(store, folder.Flow, folder.RunId) { StateType = StateType.Pending }
            : null;
    }

    // The mark keeps others from creating a run with this id before this one is gone. Only what was listed while the head or the mark existed is
    // deleted: it belongs to this run or to earlier ones. Without its head the run is gone; without its entry nobody looks for it.
    private void Remove(OpenEntry mark)
    {
        var (head, incarnation) = RunHead.Look(_files, _folder); // a later run has another entry, which the mark does not replace
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
            mark.TryDelete(); // another run has begun and ended since, without such an entry
            throw FlowErrors.RunTakenOver(_folder);
        }

        foreach (var path in listed)
            _files.Delete(path);
        foreach (var (files, path) in listedElsewhere)
            files.Delete(path);
        mark.TryDelete();
    }

    // An existing entry's version tells whether the run has changed. A finished run has no open entry: its summary tells whether it was continued and ended again.
    private void WriteMark(OpenEntry mark, string? incarnation)
    {
        var summary = mark.IsThere || incarnation is null ? null : new IncarnationFolder(_folder, incarnation).Done;
        var record = summary is null ? int.MaxValue : RecordIn(summary);
        if (!_lease.IsHeld(mustRenew: false) || !mark.TryWrite(Mark(incarnation, record)))
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

    // There was no run. One created and finished since has no open entry, so the mark caused no conflict.
    private bool IsBegunSince() => _files.VersionOf(_folder.Head) is not null && ExistingRun.Find(_files, _folder) is not null;

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

    // With the mark, its run is gone for all readers. Each mark is unique, so that after a lost response it is not mistaken for another process's.
    private FlowRun Mark(string? incarnation, int record) => new(_files.Store, _folder.Flow, _folder.RunId)
    {
        Mark = EntryMark.Removing,
        Incarnation = incarnation ?? string.Empty,
        Record = record,
        Opening = new(0, Guid.NewGuid().ToString("n")),
        StateType = StateType.Pending,
    };
}
