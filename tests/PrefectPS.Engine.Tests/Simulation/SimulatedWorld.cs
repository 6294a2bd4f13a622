using System.Text;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>
/// Processes that share a store, of which exactly one goes on at a time: at each call of the store the scheduler decides what happens next, so
/// that the same decisions give the same run.
/// </summary>
internal sealed class SimulatedWorld
{
    /// <summary>How long a suspension is: no lease outlasts it.</summary>
    public static readonly TimeSpan Suspension = LeaseOptions.Default.Duration + TimeSpan.FromSeconds(2);

    // What is written beside a run, and does not make it be there.
    private static readonly string[] OfNoRun = ["/lease.json", "/resume.json", "/schedule.json"];

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1); // each change has a time of its own
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _id = Guid.NewGuid().ToString("n")[8..];
    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<Action> _strays = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _trace = new();
    private readonly List<string> _log = [];
    private IScheduler _scheduler = null!;
    private Exception? _fault;
    private SimulatedProcess? _current; // the one that had the last turn
    private SimulatedProcess? _asleep; // the one that was suspended just now
    private (string Text, int Count) _same;

    public SimulatedWorld()
    {
        Store = new(this);
        Observer = new(this, "-", main: null);
    }

    public DateTimeOffset Now { get; private set; } = TestFlow.Start;

    public SimulatedStore Store { get; }

    /// <summary>A process beside the schedule, to look at what that has left.</summary>
    public SimulatedProcess Observer { get; private set; }

    public IReadOnlyList<SimulatedProcess> Processes => _processes;

    /// <summary>Whether the schedule has ended: a process that is still at a call never comes back from it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>All that happened, in order; its length is the time by which things are before or after each other.</summary>
    public int Moment { get; private set; }

    public List<Operation> Operations { get; } = [];

    public List<Execution> Executions { get; } = [];

    /// <summary>The decisions so far, as <see cref="ScriptedScheduler"/> reads them.</summary>
    public string Trace => _trace.ToString() + Show(_same);

    /// <summary>Each call with who made it.</summary>
    public IReadOnlyList<string> Log => _log;

    public int NextMoment() => ++Moment;

    /// <summary>An id that no other simulation has; ids sort by when they were made, so that listings have the same order each time.</summary>
    public string NewId() => $"{NextMoment():x8}{_id}";

    public void Add(string name, Action<SimulatedProcess> main) => _processes.Add(new(this, name, main));

    /// <summary>Does something as a process of its own that nothing comes in the way of.</summary>
    public T Observe<T>(Func<SimulatedProcess, T> look)
    {
        Observer = new(this, "-", main: null);
        return look(Observer);
    }

    /// <summary>Looks what would come of something, as <see cref="Observe"/> does; nothing of it is remembered.</summary>
    public void Imagine(Action look)
    {
        var (operations, executions, moment, now) = (Operations.Count, Executions.Count, Moment, Now);
        look();
        Operations.RemoveRange(operations, Operations.Count - operations);
        Executions.RemoveRange(executions, Executions.Count - executions);
        (Moment, Now) = (moment, now);
    }

    public void AddStray(Action effect) => _strays.Add(effect);

    public void Suspend() => Now += Suspension;

    /// <summary>Lets a process wait: others go on first.</summary>
    public void Sleep(SimulatedProcess process, TimeSpan time)
    {
        if (!process.IsFree && _current == process)
            (_current, _asleep) = (null, process);
        Pass(process, new(StoreCall.Sleep, "-"));
        Now += time;
    }

    /// <summary>Something was changed by an operation, which may have ended by now: a call without an answer takes effect late.</summary>
    public void NoteChange(Operation? operation, string path, bool isWrite)
    {
        var moment = NextMoment();
        Now += Instant;
        if (operation is null)
            return;
        if (!OfNoRun.Any(part => path.Contains(part, StringComparison.Ordinal)))
            (operation.Wrote, operation.Changed) = (operation.Wrote ?? moment, moment);
        else if (isWrite && path.EndsWith("/lease.json", StringComparison.Ordinal))
            operation.Opened ??= moment;
    }

    /// <summary>Runs the processes as the scheduler says, until all of them have ended or died.</summary>
    public void Run(IScheduler scheduler)
    {
        _scheduler = scheduler;
        foreach (var process in _processes)
            process.Start();
        try
        {
            if (Decide() is { } first)
            {
                first.Wake();
                if (!_done.Task.Wait(Patience))
                    throw new TimeoutException($"The schedule does not end: {Trace}\n{string.Join('\n', _log)}");
            }
        }
        finally
        {
            IsOver = true;
            foreach (var process in _processes.Where(process => process.Status is ProcessStatus.Waiting or ProcessStatus.Dead))
                process.Wake();
            foreach (var process in _processes)
                process.Join();
        }

        if (_fault is { } fault)
            throw new InvalidOperationException(fault.Message, fault);
        Now += Suspension; // those that died hold nothing any more
    }

    /// <summary>A process is about to call.</summary>
    /// <returns>What becomes of the call: Go, Fail, Lose or Stray.</returns>
    public MoveKind Pass(SimulatedProcess process, StoreCall call)
    {
        while (true)
        {
            if (process.IsFree)
                return MoveKind.Go;
            if (IsOver)
                throw new ProcessKilledException();
            (process.Status, process.Next) = (ProcessStatus.Waiting, call);
            HandOver(process);
            if (IsOver || process.Status == ProcessStatus.Dead)
                throw new ProcessKilledException();
            if (process.Verdict != MoveKind.Fire)
                return process.Verdict;
            process.FireTimers();
        }
    }

    public void End(SimulatedProcess process)
    {
        var wasOver = IsOver;
        if (process.Status != ProcessStatus.Dead)
            process.Status = ProcessStatus.Ended;
        if (wasOver)
            return;
        if (Decide() is { } next)
            next.Wake();
        else
            _done.SetResult();
    }

    // The thread that has the turn decides who has it next, so that a process that goes on costs no change of threads.
    private void HandOver(SimulatedProcess process)
    {
        var next = Decide();
        if (next == process)
            return;
        if (next is null)
            _done.SetResult();
        else
            next.Wake();
        process.AwaitTurn();
    }

    private SimulatedProcess? Decide()
    {
        while (true)
        {
            if (Choose() is not { } move)
                return null;
            Note(move);
            var process = move.Process;
            switch (move.Kind)
            {
                case MoveKind.Turn:
                    (_current, _asleep) = (process, null);
                    break;
                case MoveKind.Wait:
                    Suspend();
                    _current = null;
                    _asleep = process;
                    break;
                case MoveKind.Die:
                    process!.Status = ProcessStatus.Dead;
                    _current = null;
                    break;
                case MoveKind.Land:
                    Land();
                    break;
                default:
                    process!.Verdict = move.Kind;
                    process.Status = ProcessStatus.Running;
                    return process;
            }
        }
    }

    // Null at the end. What is wrong with a schedule is for the test to know, not for the process whose thread decides.
    private Move? Choose()
    {
        try
        {
            return Moves() is { Count: > 0 } moves ? _scheduler.Choose(moves) : null;
        }
        catch (InvalidOperationException e)
        {
            _fault = e;
            return null;
        }
    }

    private List<Move> Moves()
    {
        var alive = _processes.Where(process => process.Status == ProcessStatus.Waiting).ToList();
        if (alive.Count == 0)
            return [];
        List<Move> moves = [];
        void Add(MoveKind kind, SimulatedProcess? process) => moves.Add(new(kind, process) { IsDeviation = true });
        if (_current is not { Status: ProcessStatus.Waiting } current)
        {
            moves.AddRange(alive.Select(process => new Move(MoveKind.Turn, process) { IsDeviation = process == _asleep && alive.Count > 1 }).OrderBy(move => move.IsDeviation));
            if (_strays.Count > 0)
                Add(MoveKind.Land, null);
            return moves;
        }

        moves.Add(new(MoveKind.Go, current));
        foreach (var other in alive.Where(process => process != current))
            Add(MoveKind.Turn, other);
        if (current.Next.Name != "begin")
        {
            if (alive.Count > 1)
                Add(MoveKind.Wait, current);
            Add(MoveKind.Die, current);
        }

        if (current.Next.Name == StoreCall.Sleep)
            return moves;
        if (current.Next.IsOfStore)
            Add(MoveKind.Fail, current);
        if (current.Next.Writes)
        {
            Add(MoveKind.Lose, current);
            Add(MoveKind.Stray, current);
        }

        if (!current.IsFiring && !current.Next.HoldsLock && current.Clock.IsDue)
            Add(MoveKind.Fire, current);
        if (_strays.Count > 0)
            Add(MoveKind.Land, null);
        return moves;
    }

    private void Land()
    {
        var stray = _strays[0];
        _strays.RemoveAt(0);
        try
        {
            stray();
        }
        catch (FlowException)
        {
            // its condition does not hold any more
        }
    }

    private void Note(Move move)
    {
        if (move.Kind == MoveKind.Turn)
            return;
        var text = move.ToString();
        _log.Add(move.Process is { } process ? $"{text}: {process.Next}" : text);
        if (move.Kind == MoveKind.Go && _same.Text == text)
        {
            _same.Count++;
            return;
        }

        _trace.Append(Show(_same));
        _same = (text, 1);
    }

    private static string Show((string Text, int Count) same) =>
        same.Count switch { 0 => string.Empty, 1 => $"{same.Text} ", _ => $"{same.Text}*{same.Count} " };
}
