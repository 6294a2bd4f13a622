using System.Collections;
using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>The session that a step's own thread runs in, for what is called there and given no cmdlet: handlers, conditions, bodies.</summary>
internal sealed class StepSession : IDisposable
{
    [ThreadStatic]
    private static StepSession? _current;

    private readonly StepSession? _outer = _current;
    private readonly PSCmdlet _cmdlet;
    private readonly IStepNotices _notices;
    private readonly Dictionary<FlowSetup, DefinitionScope> _setups = [];

    /// <summary>Makes a session the current one of this thread until it is disposed of. Steps may nest.</summary>
    public StepSession(PSCmdlet cmdlet, IStepNotices notices)
    {
        _cmdlet = cmdlet;
        _notices = notices;
        _current = this;
    }

    /// <summary>That of the innermost step on this thread; null outside of one.</summary>
    public static StepSession? Current => _current;

    /// <summary>What the session keeps of its errors, the newest first.</summary>
    public ArrayList? Errors => _cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList;

    /// <summary>Keeps what a flow's initialization script has left behind.</summary>
    public void Add(FlowSetup setup, DefinitionScope scope) => _setups[setup] = scope;

    /// <summary>What the initialization script of a body's flow left behind; null where there is none.</summary>
    public DefinitionScope? ScopeOf(FlowSetup? setup) => _setups.Count > 0 && _setups.TryGetValue(setup ?? FlowSetup.None, out var scope) ? scope : null;

    /// <summary>What a block sees besides the caller's: what its flow's initialization script left behind, and the definition block it stands in; null for nothing.</summary>
    public static DefinitionScope? ScopeFor(FlowSetup? setup, DefinitionScope? definition)
    {
        if (definition is { IsEmpty: true })
            definition = null;
        if (_current?.ScopeOf(setup) is not { } left)
            return definition;
        if (definition is null)
            return left;
        var both = new DefinitionScope();
        both.Include(left);
        both.Include(definition);
        return both;
    }

    /// <summary>Finds a variable of a definition block or of the caller.</summary>
    public bool TryFind(string name, DefinitionScope? scope, out object? value) =>
        scope?.TryGet(name, out value) == true || CallerVariables.TryFind(_cmdlet.SessionState, name, out value);

    /// <summary>Says something that a person should know of.</summary>
    public void Warn(string text) => _notices.Warn(text);

    /// <summary>Says what went wrong without ending the step.</summary>
    public void Report(FlowException error) => _notices.Report(error);

    public void Dispose() => _current = _outer;
}
