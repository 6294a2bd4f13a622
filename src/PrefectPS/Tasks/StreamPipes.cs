using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Takes what commands that a cmdlet calls write to their streams, as it is written, in place of the cmdlet's own streams.</summary>
/// <remarks>
/// A redirection in the script block itself would keep all until the block has ended, and cost each task. A command writes to where its caller does unless it is
/// redirected, and so the pipes are the cmdlet's for as long as it calls something. The place that a redirection of an expression sets
/// (<c>$(Invoke-Flow …) 3&gt;&amp;1</c>) would go before all that is redirected below: it is empty meanwhile; what the cmdlet has of it, it keeps.
/// There is no public way to either. Where PowerShell is built otherwise than this expects, nothing is taken.
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
    private readonly List<(PipePlace Place, object? Own, object Ours)> _own = [];
    private object? _errors;

    /// <summary>Pipes for a cmdlet.</summary>
    public StreamPipes(PSCmdlet cmdlet)
    {
        _runtime = cmdlet.CommandRuntime;
        if (Context is null || PipeWriter is null || StreamWriter is null || Internal?.GetValue(cmdlet.SessionState) is not { } session)
            return;
        _context = Context.GetValue(session);
    }

    /// <summary>Takes a stream of text while the cmdlet calls something.</summary>
    /// <param name="stream">Its name: Warning, Verbose, Debug, Information.</param>
    /// <param name="take">Called with each record, on the thread that writes it.</param>
    public void Take<T>(string stream, Action<T> take)
    {
        if (_context is null || PipePlace.Of(_runtime.GetType(), $"{stream}OutputPipe", PipeType!) is not { } place)
            return;
        _own.Add((place, place.Get(_runtime), Make(take)));
        PlaceGlobal($"Expression{stream}OutputPipe", pipe: null);
    }

    /// <summary>Takes errors, and what programs write to their standard error, from now on.</summary>
    public void TakeErrors(Action<ErrorRecord> take)
    {
        if (_context is not null)
            PlaceGlobal(ErrorPlace, _errors = Make(take));
    }

    /// <summary>Takes what a cmdlet calls in a pipeline inside, which has pipes of its own.</summary>
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

    /// <summary>What the cmdlet calls now is taken.</summary>
    public void Begin()
    {
        foreach (var (place, _, ours) in _own)
            place.Set(_runtime, ours);
    }

    /// <summary>The cmdlet's streams are its own again.</summary>
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
