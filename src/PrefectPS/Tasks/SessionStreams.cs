using System.Management.Automation;
using System.Reflection;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>
/// While a step runs, what its tasks write in the session, beside their output, comes here as it is written, and goes to the caller with the task
/// before it, as it does from a task that runs beside the session.
/// </summary>
/// <remarks>
/// PowerShell has a place for each stream that commands which are called below take over, the one that a redirection of an expression sets; a redirection in
/// the script block itself would keep all until the block has ended, and cost each task. There is no public way to that place: where PowerShell is built
/// otherwise than this expects, what tasks write in the session goes to the caller as it is.
/// </remarks>
internal sealed class SessionStreams : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Internal = typeof(SessionState).GetProperty("Internal", Any);
    private static readonly PropertyInfo? Context = Internal?.PropertyType.GetProperty("ExecutionContext", Any);
    private static readonly ConstructorInfo? NewPipe =
        typeof(PSObject).Assembly.GetType("System.Management.Automation.Internal.Pipe")?.GetConstructor(Any, null, Type.EmptyTypes, null);
    private static readonly PropertyInfo? PipeWriter = NewPipe?.DeclaringType?.GetProperty("ExternalWriter", Any);

    private static readonly ConstructorInfo? NewStream = typeof(PSObject).Assembly.GetType("System.Management.Automation.Internal.PSDataCollectionStream`1")?
        .MakeGenericType(typeof(PSObject)).GetConstructor(Any, null, [typeof(Guid), typeof(PSDataCollection<PSObject>)], null);

    private static readonly PropertyInfo? StreamWriter = NewStream?.DeclaringType?.GetProperty("ObjectWriter", Any);

    // To Windows PowerShell, where what a program writes to its standard error does not go to a console, that is an error at which a task would stop.
    private static readonly bool IsStderrData = typeof(PSObject).Assembly.GetName().Version?.Major >= 7;

    private const int MaxErrors = 1000; // more than are quoted

    [ThreadStatic]
    private static ITaskOutput? _task;

    [ThreadStatic]
    private static SessionStreams? _current;

    [ThreadStatic]
    private static (ITaskOutput? Task, List<ErrorRecord> Errors)? _last;

    private readonly List<(PropertyInfo Place, object Pipe, object? Old)> _placed = [];
    private readonly ITaskOutput? _outer = _task;
    private readonly SessionStreams? _former = _current;
    private readonly object? _context;

    /// <summary>Places itself in the session of this thread.</summary>
    public SessionStreams(PSCmdlet cmdlet, CallerStreams caller)
    {
        if (Context is null || PipeWriter is null || StreamWriter is null || Internal?.GetValue(cmdlet.SessionState) is not { } session)
            return;
        _context = Context.GetValue(session);
        Place<WarningRecord>("ExpressionWarningOutputPipe", (task, record) => caller.Warn(task, record.Message));
        Place<VerboseRecord>("ExpressionVerboseOutputPipe", (task, record) => caller.WriteVerbose(task, record.Message));
        Place<DebugRecord>("ExpressionDebugOutputPipe", (task, record) => caller.WriteDebug(task, record.Message));
        Place<InformationRecord>("ExpressionInformationOutputPipe", caller.WriteInformation);
        _current = this;
        if (!IsStderrData)
            return;
        Place<ErrorRecord>("ShellFunctionErrorOutputPipe", (task, record) =>
        {
            Keep(task, record);
            caller.PassError(task, record);
        });
    }

    /// <summary>The task whose block runs on this thread; null where that of none does.</summary>
    public static ITaskOutput? Task
    {
        get => _task;
        set => _task = value;
    }

    /// <summary>The errors that a task whose block runs on this thread has written, the oldest first; null for none.</summary>
    public static IReadOnlyList<ErrorRecord>? ErrorsOf(ITaskOutput? task) => _last is { } last && last.Task == task ? last.Errors : null;

    /// <summary>Does something in a pipeline inside, which has places of its own for some streams: what is written there comes here all the same.</summary>
    public static void In(Action part)
    {
        if (_current is { } current)
            current.RunIn(part);
        else
            part();
    }

    public void Dispose()
    {
        _last = null;
        _current = _former;
        foreach (var (place, _, old) in _placed)
            place.SetValue(_context, old);
    }

    private void RunIn(Action part)
    {
        var found = _placed.ConvertAll(placed => placed.Place.GetValue(_context));
        foreach (var (place, pipe, _) in _placed)
            place.SetValue(_context, pipe);
        try
        {
            part();
        }
        finally
        {
            for (var i = 0; i < found.Count; i++)
                _placed[i].Place.SetValue(_context, found[i]);
        }
    }

    private void Place<T>(string name, Action<ITaskOutput?, T> write)
    {
        if (_context?.GetType().GetProperty(name, Any) is not { CanWrite: true } place)
            return;
        var records = new PSDataCollection<PSObject>();
        records.DataAdded += (_, _) => HandOn(records, write);
        var stream = NewStream!.Invoke([Guid.Empty, records]);
        var pipe = NewPipe!.Invoke(null);
        PipeWriter!.SetValue(pipe, StreamWriter!.GetValue(stream));
        _placed.Add((place, pipe, place.GetValue(_context)));
        place.SetValue(_context, pipe);
    }

    private static void Keep(ITaskOutput? task, ErrorRecord record)
    {
        if (_last is not { } last || last.Task != task)
            _last = last = (task, []);
        if (last.Errors.Count == MaxErrors)
            last.Errors.RemoveRange(0, MaxErrors / 2);
        last.Errors.Add(record);
    }

    // What the cmdlet writes by that is, where a task runs it, the word of that task.
    private void HandOn<T>(PSDataCollection<PSObject> records, Action<ITaskOutput?, T> write)
    {
        var task = _task;
        _task = _outer;
        try
        {
            foreach (var record in records.ReadAll())
            {
                if (record.BaseObject is T known)
                    write(task, known);
            }
        }
        finally
        {
            _task = task;
        }
    }
}
