using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Checks the outcome of a schedule from outside: as users see it, through public commands.</summary>
/// <remarks>
/// Runs of the same id are distinguished by their start times. A removal affects the run that existed when it took the lease; if the remover died, either
/// all of that run remains or none.
/// </remarks>
internal sealed class Audit(SimulatedWorld world, Scenario scenario)
{
    private static readonly string[] LeaseIsHeld = ["is being started by another process", "is being worked on by another step"];

    private readonly List<Violation> _violations = [];

    private IEnumerable<Operation> Steps => world.Operations.Where(operation => operation.Kind == OperationKind.Step);

    private IEnumerable<Operation> Requests => world.Operations.Where(operation => operation.Kind == OperationKind.Request);

    private IEnumerable<Operation> Removals => world.Operations.Where(operation => operation is { Kind: OperationKind.Remove, Opened: not null });

    /// <summary>Returns the violated promises.</summary>
    public IReadOnlyList<Violation> Violations()
    {
        CheckErrors();
        CheckBlindWrites();
        CheckReaders();
        if (scenario.RunIds.Length == 0)
            CheckBegun();
        foreach (var runId in scenario.RunIds)
            CheckRun(runId);
        CheckExecutions();
        foreach (var runId in scenario.RunIds)
            CheckRemoval(runId);
        return _violations;
    }

    private void Break(Promise promise, string what) => _violations.Add(new(promise, what));

    private void CheckErrors()
    {
        foreach (var process in world.Processes)
        {
            if (process.Crash is { } crash)
                Break(Promise.NoDamage, $"{process.Name} crashed: {crash.Message}");
        }

        foreach (var operation in world.Operations.Where(operation => operation.Error is not null))
        {
            if ((operation.Error as FlowException)?.Id == FlowErrorId.StoreConflict)
                CheckConflict(operation);
            else if (!IsExcused(operation))
                Break(Promise.NoDamage, $"{operation} failed: {operation.Error!.Message}");
        }
    }

    // A reader of a run being removed may find objects missing.
    private bool IsExcused(Operation operation) =>
        operation.IsPending
        || ((operation.Error as FlowException)?.Id == FlowErrorId.RunNotFound && Removals.Any(removal => removal.RunId == operation.RunId))
        || IsExcusedByFault(operation);

    private bool IsExcusedByFault(Operation operation) =>
        (operation.Error as FlowException)?.Id is FlowErrorId.StoreFailed or FlowErrorId.ResultInvalid
        && (operation.Process.HasMetFault || (operation.Kind == OperationKind.Read && Removals.Any(removal => IsBeside(removal, operation) || IsCutShort(removal, operation))));

    // The mark of an interrupted removal may be written at any later time, and another process completes the removal.
    private static bool IsCutShort(Operation removal, Operation operation) => !removal.IsClosed && removal.Began < operation.Ended;

    private static bool IsBeside(Operation other, Operation operation) =>
        other != operation && other.Began < operation.Ended && (other.Ended is null || other.Ended > operation.Began);

    // An operation that failed to open the run because of a fault may still have had its lease.
    private void CheckConflict(Operation operation)
    {
        var isReal = world.Operations.Any(other => (other.Opened is not null || operation.IsOfAnyRun || IsExcusedByFault(other)) && IsBeside(other, operation));
        if (!isReal && !operation.Process.HasMetFault && !IsKeptOutByALateLease(operation) && !IsRemovedLate(operation))
            Break(Promise.ConflictsAreReal, $"{operation} failed although nobody worked on it: {operation.Error!.Message}");
    }

    // A late write of a lease blocks others until it expires: it looks like a held lease.
    private bool IsKeptOutByALateLease(Operation operation) => world.Processes.Any(other => other != operation.Process && other.HasMetFault)
        && LeaseIsHeld.Any(text => operation.Error!.Message.Contains(text, StringComparison.Ordinal));

    // A late delete call of a removal still removes the run.
    private bool IsRemovedLate(Operation operation) =>
        Removals.Any(removal => removal.RunId == operation.RunId && removal.Ended < operation.Began && removal.Changed > operation.Began);

    private void CheckBlindWrites()
    {
        foreach (var write in world.Store.BlindWrites.Where(write => IsResult(write.Path)))
            Break(Promise.NothingIsReplacedBlindly, $"{write.By.Name} replaced {write.Path}, which {write.Of.Name} had written since");
    }

    private static bool IsResult(string path) =>
        path.Contains("/results/", StringComparison.Ordinal)
        || path.StartsWith("targets/", StringComparison.Ordinal)
        || path.StartsWith("cache/", StringComparison.Ordinal);

    private void CheckReaders()
    {
        foreach (var reader in world.Operations.Where(operation => operation is { Kind: OperationKind.Read, IsClosed: true, Run: not null }))
            CheckOutcomes(reader.RunId!, reader.Run!, reader.Results, Steps.Where(step => step.Ended < reader.Began));
    }

    private void CheckBegun()
    {
        var runs = world.Observe(process => new RunIndex(new(process.Store)).AllRuns(FlowShape.Name, fault => throw fault));
        if (runs.Count(run => !run.IsFinished) > 1)
            Break(Promise.OneRunBegins, $"there are {runs.Count} runs");
    }

    private void CheckRun(string runId)
    {
        if (Find(runId) is not { } found)
            return;
        var (run, results) = found;
        if (run is not null)
        {
            CheckOutcomes(runId, run, results, Steps);
            CheckWhole(runId, run, results);
            CheckHistory(runId, run);
            CheckLog(runId, run);
            new RequestAudit(world, runId, operation => IsRemoved(operation, isCertain: false), Break).Check(run);
        }

        else if (Steps.FirstOrDefault(step => step.RunId == runId && step.IsClosed && !IsRemoved(step, isCertain: false)) is { } lost)
        {
            Break(Promise.OutcomesStand, $"{lost} is not on record, nor is the run, and nobody removed it");
        }

        CheckOnce(runId);
        CheckExistence(runId, run);
        CheckLostHead(runId, run);
        if (run is not null && !Steps.Any(step => step.RunId == runId && step.Started == run.StartTime && IsRemoved(step, isCertain: false)))
            CheckEnd(runId);
    }

    // Everything a successful step returned is recorded unchanged, unless the run was removed.
    private void CheckOutcomes(string runId, FlowState run, IReadOnlyDictionary<string, object?> results, IEnumerable<Operation> steps)
    {
        foreach (var step in steps.Where(step => step.RunId == runId && step.IsClosed && !IsRemoved(step, isCertain: false)))
        {
            if (step.Started != run.StartTime)
                Break(Promise.OutcomesStand, $"{step} is not on record: the run there was started at another time");
            CheckResults(Promise.OutcomesStand, step, results);
        }
    }

    private void CheckWhole(string runId, FlowState run, IReadOnlyDictionary<string, object?> results)
    {
        foreach (var step in Steps.Where(step => step.RunId == runId && step.IsClosed && step.Started == run.StartTime))
        {
            if (IsRemoved(step, isCertain: false) && !IsRemoved(step, isCertain: true))
                CheckResults(Promise.RemovalIsWhole, step, results);
        }
    }

    private void CheckResults(Promise promise, Operation step, IReadOnlyDictionary<string, object?> results)
    {
        foreach (var execution in LastOf(step).Where(execution => !IsEdited(execution.Task)))
        {
            if (!results.TryGetValue(execution.Task, out var result) || !IsResultOf(execution, result))
                Break(promise, $"{step} ended well with '{execution.Value}'; on record is '{result ?? "nothing"}'");
        }
    }

    // A manual change of a task is not an outcome of a step.
    private bool IsEdited(string task) => Requests.Any(request => request.Request!.Edit?.Tasks?.Contains(task) == true);

    // For Cached, another execution came first; for forced tasks another may follow: the target then has that result, complete.
    private bool IsResultOf(Execution execution, object? result) =>
        scenario.Shape.Target is not null
        && (scenario.Shape.IsForced || execution.Step.Run!.Tasks.Single(task => task.Slug == execution.Task).StateType == StateType.Cached)
            ? world.Executions.Any(other => other.Task == execution.Task && other.Ended is not null && Equals(result, other.Value))
            : Equals(result, execution.Value);

    // Executions that a step returned as successes.
    private IEnumerable<Execution> LastOf(Operation step) =>
        from execution in world.Executions
        where execution.Step == step && execution.Ended is not null
        group execution by execution.Task into same
        where step.Run!.Tasks.Single(task => task.Slug == same.Key).StateType.IsSuccessful()
        select same.Last();

    private void CheckHistory(string runId, FlowState run)
    {
        var course = Try(Promise.NoDamage, $"the history of {runId}", process => RunHistory.Find(process.Store, FlowShape.Name, runId));
        if (course is null)
            return;
        foreach (var step in Steps.Where(step => step.RunId == runId && step.IsClosed && step.Started == run.StartTime && !IsRemoved(step, isCertain: false)))
        {
            string[] ran = [.. LastOf(step).Select(execution => execution.Task).Where(task => !IsEdited(task))];
            var ended = course.Changes.Where(change => change.Step == step.Run!.Step && change.ToType.IsSuccessful() && !IsEdited(change.Task));
            string[] told = [.. ended.Where(change => change.ToType == StateType.Success || ran.Contains(change.Task)).Select(change => change.Task).Distinct()];
            if (ran.Length > 0 && !ran.SequenceEqual(told))
                Break(Promise.HistoryStands, $"{step} ran {string.Join(',', ran)}; its history tells of {string.Join(',', told)}");
        }
    }

    private void CheckLog(string runId, FlowState run)
    {
        var log = Try(Promise.NoDamage, $"the log of {runId}", process => RunLog.Find(process.Store, FlowShape.Name, runId)?.ReadNext(fault => throw fault));
        if (log is null || !scenario.Shape.Logs)
            return;
        var steps = log.Where(entry => entry.Source == FlowLogSource.Host).ToLookup(entry => entry.Text, entry => entry.Step);
        foreach (var line in steps.Where(line => line.Count() > 1))
            Break(Promise.LogStands, $"'{line.Key}' is in the log {line.Count()} times");
        foreach (var execution in world.Executions.Where(execution => IsOnRecord(execution.Step)))
        {
            foreach (var line in new[] { execution.FirstLine, execution.LastLine }.Where(line => execution.Step.Run!.Step != steps[line].SingleOrDefault()))
                Break(Promise.LogStands, $"{execution.Step}, step {execution.Step.Run!.Step}, ended well, and '{line}' is of step {steps[line].SingleOrDefault()}");
        }

        bool IsOnRecord(Operation step) => step.RunId == runId && step.IsClosed && step.Started == run.StartTime && !IsRemoved(step, isCertain: false);
    }

    // A scheduled run is never created twice, even after its removal.
    private void CheckOnce(string runId)
    {
        var begun = world.Executions.Where(execution => execution.Step.RunId == runId).Select(execution => execution.Step.Started).Distinct().Count();
        if (scenario.Shape.Schedule is not null && begun > 1)
            Break(Promise.OneRunBegins, $"the run of {runId} has begun {begun} times");
    }

    private void CheckExistence(string runId, FlowState? run)
    {
        var entries = Try(Promise.NoDamage, "the index", process =>
            new RunIndex(new(process.Store)).AllRuns(FlowShape.Name, fault => throw fault).Where(entry => entry.RunId == runId).ToArray());
        if (entries is null)
            return;
        var last = Steps.Concat(Requests).Where(step => step.RunId == runId && step.Opened is not null).MaxBy(step => step.Opened);
        var isRemoved = Steps.Where(step => step.RunId == runId && BirthOf(step) is not null).All(step => IsRemoved(step, isCertain: true));
        if (isRemoved && Removals.Any(removal => removal.RunId == runId) && (run is not null || entries.Length > 0))
            Break(Promise.RemovedStaysRemoved, $"run {runId} was removed, and is there again: {(run is null ? "in the index" : run.ToString())}");
        // A step that lost its lease but still wrote its last record does not write the summary: the next step does.
        if (run is not null && last is { IsClosed: true } && world.Store.LastRecorder(runId) is null or { IsClosed: true } && !IsRemoved(last, isCertain: false)
            && (entries.Length == 0 || entries[0].IsFinished != run.IsOver || entries[0].Step != run.Step))
        {
            Break(Promise.IndexIsRight, $"run {runId} is {run}; the index has {(entries.Length == 0 ? "nothing" : $"{entries[0]}, step {entries[0].Step}")}");
        }
    }

    // Without records nothing can be executed twice; and a remover may have deleted the head itself.
    private void CheckLostHead(string runId, FlowState? run)
    {
        var folder = new RunFolder(FlowShape.Name, runId);
        if (run is null || world.Store.LastRecorder(runId) is null || world.Observe(process => LostHead.IsBeingRemoved(new(process.Store), folder)))
            return;
        world.Imagine(() => world.Store.Without(folder.Head, () =>
        {
            var executions = world.Executions.Count;
            foreach (var operation in new[]
            {
                world.Observe(process => Programs.Step(world, process, scenario.Shape, runId)),
                world.Observe(process => Programs.Read(world, process, scenario.Shape, runId)),
            })
            {
                if ((operation.Error as FlowException)?.Id != FlowErrorId.RunDamaged)
                    Break(Promise.LostHeadsAreTold, $"without its head, {operation} of {run} ended with {operation.Error?.Message ?? "no error"}");
            }

            if (world.Executions.Count > executions)
                Break(Promise.LostHeadsAreTold, $"without its head, bodies of {run} ran");
        }));
    }

    private void CheckEnd(string runId)
    {
        var before = world.Processes.Any(process => process.HasMetFault);
        var end = world.Observe(process => Programs.Step(world, process, scenario.Shape, runId));
        if (end is { Error: null, Run: { } marked })
        {
            new RequestAudit(world, runId, operation => IsRemoved(operation, isCertain: false), Break).CheckAllApplied(marked);
            if (marked.IsStopped || marked.IsSuspended)
                end = Release(runId);
            while (end is { Error: null, Run.StateType: StateType.Paused } && scenario.Shape.Awaiting.Length > 0)
                end = Wake(runId);
        }

        if (end.Error is { } error)
            Break(Promise.RunsEnd, $"one more step of {runId} failed: {error.Message}");
        else if (end.Run!.StateType != StateType.Success && !before)
            Break(Promise.RunsEnd, $"one more step of {runId} left it {end.Run.State}");
        else if (Find(runId) is { Run: { } run } found)
            CheckOutcomes(runId, run, found.Results, Steps);
    }

    // A stopped or suspended run continues after a resume request.
    private Operation Release(string runId)
    {
        var asked = world.Observe(process => Programs.Ask(world, process, scenario.Shape, runId, Scenarios.Resume, hasFlow: true));
        if (asked.Error is { } error)
            Break(Promise.RunsEnd, $"run {runId} cannot be resumed: {error.Message}");
        return world.Observe(process => Programs.Step(world, process, scenario.Shape, runId));
    }

    // The sender of an event may have died earlier.
    private Operation Wake(string runId)
    {
        var sent = world.Observe(process => Programs.Ask(world, process, scenario.Shape, runId, Scenarios.Go, hasFlow: true));
        if (sent.Error is { } error)
            Break(Promise.RunsEnd, $"run {runId} takes no event: {error.Message}");
        return world.Observe(process => Programs.Step(world, process, scenario.Shape, runId));
    }

    private void CheckExecutions()
    {
        foreach (var execution in world.Executions.Where(execution => !IsEdited(execution.Task)))
        {
            var step = execution.Step;
            var finished = world.Executions.FirstOrDefault(other =>
                other.Task == execution.Task && other.Step != step && other.Step.RunId == step.RunId && other.Step.Started == step.Started && OnRecord(other) < step.Opened);
            if (finished is not null && step.RunId is not null)
                Break(Promise.NothingRunsAgain, $"{step} ran {execution.Task} again, which {finished.Step} had finished");
        }
    }

    // When an execution was certainly recorded: its step had succeeded, or had started the next body and recorded each earlier outcome.
    private int? OnRecord(Execution execution)
    {
        if (execution.Ended is null)
            return null;
        if (execution.Step is { IsClosed: true } step)
            return step.Run!.Tasks.Single(task => task.Slug == execution.Task).StateType.IsSuccessful() ? step.Ended : null;
        return scenario.Shape.Durability != FlowDurability.Task || execution.Step.Process.HasMetFault ? null
            : world.Executions.Where(next => next.Step == execution.Step && next.Began > execution.Ended).Min(next => (int?)next.Began);
    }

    private void CheckRemoval(string runId)
    {
        var removal = world.Observe(process => Programs.Remove(world, process, runId));
        if (removal.Error is { } error)
            Break(Promise.LitterEnds, $"run {runId} cannot be removed: {error.Message}");
        else if (world.Store.Paths.FirstOrDefault(path => IsOf(path, runId)) is { } left)
            Break(Promise.LitterEnds, $"run {runId} was removed, and {left} is left");
    }

    private static bool IsOf(string path, string runId) =>
        !path.StartsWith("cache/", StringComparison.Ordinal)
        && (path.Contains($"/{runId}/", StringComparison.Ordinal) || path.EndsWith($"/{runId}.json", StringComparison.Ordinal));

    // True if the run of a step was removed or, if isCertain is false, may have been. A removal that found no run at its
    // beginning may affect one created meanwhile.
    // A step that took over from a remover and executed something ended the removed run: a new one may exist, or a finished one continue.
    private bool IsRemoved(Operation step, bool isCertain) => Removals.Any(removal =>
        removal.RunId == step.RunId && !(step.Opened > removal.Opened && world.Executions.Any(execution => execution.Step == step))
        && (removal.Opened > BirthOf(step)
            ? removal.IsClosed || !isCertain
            : !isCertain && !(removal.Ended < BirthOf(step)) && !Steps.Any(other => other.RunId == step.RunId && BirthOf(other) < removal.Opened)));

    // When the run of a step was first written.
    private int? BirthOf(Operation step) => step.Started is null
        ? step.Wrote
        : Steps.Where(other => other.RunId == step.RunId && other.Started == step.Started).Min(other => other.Wrote);

    private (FlowState? Run, IReadOnlyDictionary<string, object?> Results)? Find(string runId)
    {
        var read = world.Observe(process => Programs.Read(world, process, scenario.Shape, runId));
        if (read.Error is null)
            return (read.Run, read.Results);
        Break(Promise.NoDamage, $"run {runId} cannot be read: {read.Error.Message}");
        return null;
    }

    private T? Try<T>(Promise promise, string what, Func<SimulatedProcess, T?> look)
        where T : class
    {
        try
        {
            return world.Observe(look);
        }
        catch (FlowException e)
        {
            Break(promise, $"{what} cannot be read: {e.Message}");
            return null;
        }
    }
}
