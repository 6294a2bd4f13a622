using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A body pool with limited slots: the test sets the slots per tag, and which bodies lose their process.</summary>
internal sealed class LimitedBodyPool : IBodyPool, IBodyPlaces
{
    private readonly ThreadPoolBodies _bodies = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private Action _wake = () => { };

    /// <summary>Number of times that the process of a task's body dies first.</summary>
    public Dictionary<string, int> Deaths { get; } = [];

    /// <summary>The tasks reported as waiting.</summary>
    public HashSet<string> Noted { get; } = [];

    /// <summary>Started attempts, in order.</summary>
    public List<string> Started { get; } = [];

    /// <summary>Called when a task is reported as waiting.</summary>
    public Action<FlowTask> Waits { get; set; } = _ => { };

    public IBodyPlaces Places => this;

    public bool HasEnded { get; set; }

    /// <summary>Sets the number of slots for tasks with a tag; an empty tag for all others.</summary>
    public void Set(string tag, int count)
    {
        lock (_places)
            _places[tag] = count;
        _wake();
    }

    public string KindOf(FlowTask task) => string.Join(',', task.Tags);

    public bool HasPlaceFor(FlowTask task)
    {
        lock (_places)
            return !HasEnded && _places.GetValueOrDefault(KindOf(task)) > 0;
    }

    public void NoteWaiting(FlowTask task)
    {
        Noted.Add(task.Slug);
        Waits(task);
    }

    public void WakeBy(Action wake) => _wake = wake;

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        Started.Add($"{task.Slug} {context.RunCount}");
        lock (_places)
            _places[KindOf(task)] = _places.GetValueOrDefault(KindOf(task)) - 1;
        var dies = Deaths.TryGetValue(task.Slug, out var left) && left > 0;
        if (dies)
            Deaths[task.Slug] = left - 1;
        return dies ? new Dead(this, task, ended) : new Living(_bodies.Start(task, context, arguments, post, () =>
        {
            Free(task);
            ended();
        }));
    }

    private void Free(FlowTask task)
    {
        lock (_places)
            _places[KindOf(task)]++;
        _wake();
    }

    private sealed class Dead : IBodyRun
    {
        public Dead(LimitedBodyPool places, FlowTask task, Action ended) => ThreadPool.QueueUserWorkItem(_ =>
        {
            places.Free(task);
            ended();
        });

        public bool WasStopped => true;

        public DateTimeOffset? Begun => null;

        public WorkerLoss Loss { get; } = new("there");

        public object? GetResult() => throw new InvalidOperationException("Its process is gone.");

        public void Stop()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Living(IBodyRun inner) : IBodyRun
    {
        public bool WasStopped => inner.WasStopped;

        public DateTimeOffset? Begun => inner.Begun;

        public WorkerLoss? Loss => null;

        public object? GetResult() => inner.GetResult();

        public void Stop() => inner.Stop();

        public void Dispose() => inner.Dispose();
    }
}
