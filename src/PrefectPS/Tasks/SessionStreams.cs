using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// While a step runs, receives the streams of tasks in the session, except their output, and passes them to the caller with the task
/// as prefix, as for tasks in separate runspaces.
/// </summary>
/// <remarks>If PowerShell's internals differ from what <see cref="StreamPipes"/> expects, the streams go to the caller unchanged.</remarks>
internal sealed class SessionStreams : IDisposable
{
    // In Windows PowerShell, redirected standard error of a program is an error at which a task would stop.
    private static readonly bool IsStderrData = typeof(PSObject).Assembly.GetName().Version?.Major >= 7;

    private const int MaxErrors = 1000; // more than are ever quoted

    [ThreadStatic]
    private static ITaskOutput? _task;

    [ThreadStatic]
    private static SessionStreams? _current;

    [ThreadStatic]
    private static (ITaskOutput? Task, List<ErrorRecord> Errors)? _last;

    private readonly ITaskOutput? _outerTask = _task;
    private readonly SessionStreams? _outer = _current;
    private readonly CallerStreams _caller;
    private readonly StreamPipes _pipes;
    private readonly SessionUserInterface? _ui;

    /// <summary>Installs itself in the session of this thread.</summary>
    public SessionStreams(PSCmdlet cmdlet, CallerStreams caller)
    {
        _caller = caller;
        _current = this;
        _pipes = new(cmdlet);
        _pipes.Take<WarningRecord>("Warning", record => HandOn(task => caller.Warn(task, record.Message)));
        _pipes.Take<VerboseRecord>("Verbose", record => HandOn(task => caller.WriteVerbose(task, record.Message)));
        _pipes.Take<DebugRecord>("Debug", record => HandOn(task => caller.WriteDebug(task, record.Message)));
        _pipes.Take<InformationRecord>("Information", record => HandOn(task => caller.WriteInformation(task, record)));
        _ui = SessionUserInterface.Place(cmdlet.Host);
        if (!IsStderrData)
            return;
        _pipes.TakeErrors(record => HandOn(task =>
        {
            Keep(task, record);
            caller.PassError(task, record);
        }));
    }

    /// <summary>Starts to receive the streams of a task's block on this thread.</summary>
    /// <returns>The calling task; null for none.</returns>
    public static ITaskOutput? Begin(ITaskOutput? task)
    {
        var caller = _task;
        Use(task);
        return caller;
    }

    /// <summary>The block has ended, and its caller continues.</summary>
    public static void End(ITaskOutput? caller) => Use(caller);

    /// <summary>The errors of the task that runs on this thread, the oldest first; null for none.</summary>
    public static IReadOnlyList<ErrorRecord>? ErrorsOf(ITaskOutput? task) => _last is { } last && last.Task == task ? last.Errors : null;

    /// <summary>Passes on a record of the task that runs on this thread; does nothing without a task.</summary>
    /// <returns>Whether there is such a task.</returns>
    public static bool TryHandOn(Action<ITaskStreams, ITaskOutput?> write)
    {
        if (_task is null || _current is not { } current)
            return false;
        current.HandOn(task => write(current._caller, task));
        return true;
    }

    /// <summary>Calls something from a cmdlet in a nested pipeline, whose streams are received too.</summary>
    public static void In(PSCmdlet inner, Action part)
    {
        if (_current is { } current)
            current._pipes.TakeIn(inner, part);
        else
            part();
    }

    public void Dispose()
    {
        _last = null;
        _ui?.Dispose();
        _pipes.Dispose();
        _current = _outer;
    }

    private static void Keep(ITaskOutput? task, ErrorRecord record)
    {
        if (_last is not { } last || last.Task != task)
            _last = last = (task, []);
        if (last.Errors.Count == MaxErrors)
            last.Errors.RemoveRange(0, MaxErrors / 2);
        last.Errors.Add(record);
    }

    private static void Use(ITaskOutput? task)
    {
        _task = task;
        if (task is null)
            _current?._pipes.End();
        else
            _current?._pipes.Begin();
    }

    // If a task runs the cmdlet, its records belong to that task.
    private void HandOn(Action<ITaskOutput?> write)
    {
        var task = _task;
        _pipes.End();
        _task = _outerTask;
        try
        {
            write(task);
        }
        finally
        {
            _task = task;
            if (task is not null)
                _pipes.Begin();
        }
    }
}
