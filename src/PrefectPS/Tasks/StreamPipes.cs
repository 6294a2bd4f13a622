using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Redirects the streams of the commands that a cmdlet calls, as they write.</summary>
/// <remarks>
/// A redirection in the script block itself would buffer everything until the block has ended, and slow down each task. A command writes to the streams of its caller unless
/// redirected, so the pipes are installed in the cmdlet while it calls something. The redirection of an expression
/// (<c>$(Invoke-Flow …) 3&gt;&amp;1</c>) would take precedence over redirections below, so it is removed meanwhile, and restored for the cmdlet.
/// Neither has a public API. If PowerShell's internals differ, nothing is redirected.
/// </remarks>
internal sealed class StreamPipes : IDisposable
{
    private const string ErrorPlace = "ShellFunctionErrorOutputPipe";
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Internal = typeof(SessionState).GetProperty("Internal", Any);
    private static readonly PropertyInfo? Context = Internal?.PropertyType.GetProperty("ExecutionContext", Any);
    private static readonly Type? PipeType = typeof(PSObject).Assembly.GetType("System.Management.Automation.Internal.Pipe");
    private static readonly ConstructorInfo? NewPipe = PipeType?.GetConstructor(Any, null, Type.EmptyTypes, null);
    private static readonly PropertyInfo? PipeWriter = PipeType?.GetProperty("ExternalWriter", Any);

    private static readonly ConstructorInfo? NewStream = typeof(PSObject).Assembly.GetType("System.Management.Automation.Internal.PSDataCollectionStream`1")?
        .MakeGenericType(typeof(PSObject)).GetConstructor(Any, null, [typeof(Guid), typeof(PSDataCollection<PSObject>)], null);

    private static readonly PropertyInfo? StreamWriter = NewStream?.DeclaringType?.GetProperty("ObjectWriter", Any);

    private readonly object? _context;
    private readonly object _runtime;
    private readonly List<(PropertyInfo Place, object? Old)> _global = [];
    private readonly List<(PipeProperty Place, object? Own, object Ours)> _own = [];
    private object? _errors;

    /// <summary>Pipes for a cmdlet.</summary>
    public StreamPipes(PSCmdlet cmdlet)
    {
        _runtime = cmdlet.CommandRuntime;
        if (Context is null || PipeWriter is null || StreamWriter is null || Internal?.GetValue(cmdlet.SessionState) is not { } session)
            return;
        _context = Context.GetValue(session);
    }

    /// <summary>Redirects a text stream while the cmdlet calls something.</summary>
    /// <param name="stream">Its name: Warning, Verbose, Debug, Information.</param>
    /// <param name="take">Receives each record, on the writing thread.</param>
    public void Take<T>(string stream, Action<T> take)
    {
        if (_context is null || PipeProperty.Of(_runtime.GetType(), $"{stream}OutputPipe", PipeType!) is not { } place)
            return;
        _own.Add((place, place.Get(_runtime), Make(take)));
        PlaceGlobal($"Expression{stream}OutputPipe", pipe: null);
    }

    /// <summary>Redirects errors, and standard error of programs, from now on.</summary>
    public void TakeErrors(Action<ErrorRecord> take)
    {
        if (_context is not null)
            PlaceGlobal(ErrorPlace, _errors = Make(take));
    }

    /// <summary>Redirects the streams of a nested pipeline, which has its own pipes.</summary>
    /// <param name="inner">The cmdlet, which calls nothing else.</param>
    /// <param name="part">Calls it.</param>
    public void TakeIn(PSCmdlet inner, Action part)
    {
        foreach (var (place, _, ours) in _own)
            place.Set(inner.CommandRuntime, ours);
        if (_errors is null || _context!.GetType().GetProperty(ErrorPlace, Any) is not { CanWrite: true } errors)
        {
            part();
            return;
        }

        var old = errors.GetValue(_context);
        errors.SetValue(_context, _errors);
        try
        {
            part();
        }
        finally
        {
            errors.SetValue(_context, old);
        }
    }

    /// <summary>Starts the redirection.</summary>
    public void Begin()
    {
        foreach (var (place, _, ours) in _own)
            place.Set(_runtime, ours);
    }

    /// <summary>Ends the redirection.</summary>
    public void End()
    {
        foreach (var (place, own, _) in _own)
            place.Set(_runtime, own);
    }

    public void Dispose()
    {
        End();
        foreach (var (place, old) in _global)
            place.SetValue(_context, old);
    }

    private void PlaceGlobal(string name, object? pipe)
    {
        if (_context!.GetType().GetProperty(name, Any) is not { CanWrite: true } place)
            return;
        _global.Add((place, place.GetValue(_context)));
        place.SetValue(_context, pipe);
    }

    private static object Make<T>(Action<T> take)
    {
        var records = new PSDataCollection<PSObject>();
        records.DataAdded += (_, _) =>
        {
            foreach (var record in records.ReadAll())
            {
                if (record.BaseObject is T known)
                    take(known);
            }
        };
        var pipe = NewPipe!.Invoke(null);
        PipeWriter!.SetValue(pipe, StreamWriter!.GetValue(NewStream!.Invoke([Guid.Empty, records])));
        return pipe;
    }
}
