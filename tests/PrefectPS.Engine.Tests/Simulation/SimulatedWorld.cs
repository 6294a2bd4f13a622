using System.Text;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>
/// Processes that share a store, one of which runs at a time: at each store call the scheduler chooses the next move, so that the same choices give the
/// same execution.
/// </summary>
internal sealed class SimulatedWorld
{
    /// <summary>Duration of a suspension: no lease outlasts it.</summary>
    public static readonly TimeSpan Suspension = LeaseOptions.Default.Duration + TimeSpan.FromSeconds(2);

    // Objects next to a run that do not make it exist.
    private static readonly string[] OfNoRun = ["/lease.json", "/resume.json", "/schedule.json"];

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1); // each change gets a unique time
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _id = Guid.NewGuid().ToString("n")[8..];
    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<Action> _strays = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _trace = new();
    private readonly List<string> _log = [];
    private IScheduler _scheduler = null!;
    private Exception? _fault;
    private SimulatedProcess? _current; // process of the last turn
    private SimulatedProcess? _asleep; // process suspended last
    private (string Text, int Count) _same;

    public SimulatedWorld()
    {
        Store = new(this);
        Observer = new(this, "-", main: null);
    }

    public DateTimeOffset Now { get; private set; } = TestFlow.Start;

    public SimulatedStore Store { get; }

    /// <summary>A process outside the schedule, to inspect the outcome.</summary>
    public SimulatedProcess Observer { get; private set; }

    public IReadOnlyList<SimulatedProcess> Processes => _processes;

    /// <summary>True once the schedule has ended: a process waiting at a call never returns from it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>All that happened, in order; its length serves as logical time.</summary>
    public int Moment { get; private set; }

    public List<Operation> Operations { get; } = [];

    public List<Execution> Executions { get; } = [];

    /// <summary>The choices so far, in the format of <see cref="ScriptedScheduler"/>.</summary>
    public string Trace => _trace.ToString() + Show(_same);

    /// <summary>Each call with its process.</summary>
    public IReadOnlyList<string> Log => _log;

    public int NextMoment() => ++Moment;

    /// <summary>Creates an id unique across simulations. Ids sort by creation, so that listings are reproducible.</summary>
    public string NewId() => $"{NextMoment():x8}{_id}";

    public void Add(string name, Action<SimulatedProcess> main) => _processes.Add(new(this, name, main));

    /// <summary>Executes an action in a separate process without interference.</summary>
    public T Observe<T>(Func<SimulatedProcess, T> look)
    {
        Observer = new(this, "-", main: null);
        return look(Observer);
    }

    /// <summary>Executes an action like <see cref="Observe"/>, and reverts its effects.</summary>
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

    /// <summary>Lets a process sleep: others run first.</summary>
    public void Sleep(SimulatedProcess process, TimeSpan time)
    {
        if (!process.IsFree && _current == process)
            (_current, _asleep) = (null, process);
        Pass(process, new(StoreCall.Sleep, "-"));
        Now += time;
    }

    /// <summary>Notes a change by an operation, which may have ended already: an unanswered call takes effect late.</summary>
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

    /// <summary>Runs the processes under the scheduler until all have ended or died.</summary>
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
        Now += Suspension; // leases of dead processes have expired
    }

    /// <summary>Called before each call of a process.</summary>
    /// <returns>Outcome of the call: Go, Fail, Lose or Stray.</returns>
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

    // The running thread chooses the next process, so that continuing costs no thread switch.
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

    // Null at the end. A fault of the schedule itself is reported to the test, not to the process whose thread chooses.
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
            // its write condition no longer holds
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
