using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// While a step runs, what its tasks write in the session, beside their output, comes here as it is written, and goes to the caller with the task
/// before it, as it does from a task that runs beside the session.
/// </summary>
/// <remarks>Where PowerShell is built otherwise than <see cref="StreamPipes"/> expects, what tasks write in the session goes to the caller as it is.</remarks>
internal sealed class SessionStreams : IDisposable
{
    // To Windows PowerShell, where what a program writes to its standard error does not go to a console, that is an error at which a task would stop.
    private static readonly bool IsStderrData = typeof(PSObject).Assembly.GetName().Version?.Major >= 7;

    private const int MaxErrors = 1000; // more than are quoted

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

    /// <summary>Places itself in the session of this thread.</summary>
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

    /// <summary>Begins to take what the block of a task writes on this thread.</summary>
    /// <returns>The task whose block calls it; null for none.</returns>
    public static ITaskOutput? Begin(ITaskOutput? task)
    {
        var caller = _task;
        Use(task);
        return caller;
    }

    /// <summary>The block has ended, and that goes on which has called it.</summary>
    public static void End(ITaskOutput? caller) => Use(caller);

    /// <summary>The errors that a task whose block runs on this thread has written, the oldest first; null for none.</summary>
    public static IReadOnlyList<ErrorRecord>? ErrorsOf(ITaskOutput? task) => _last is { } last && last.Task == task ? last.Errors : null;

    /// <summary>Hands on what the task whose block runs on this thread has to say; where that of none does, it does nothing.</summary>
    /// <returns>Whether there is such a task.</returns>
    public static bool TryHandOn(Action<ITaskStreams, ITaskOutput?> write)
    {
        if (_task is null || _current is not { } current)
            return false;
        current.HandOn(task => write(current._caller, task));
        return true;
    }

    /// <summary>Calls something from a cmdlet in a pipeline inside: what is written there comes here all the same.</summary>
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

    // What the cmdlet writes by that is, where a task runs it, the word of that task.
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
