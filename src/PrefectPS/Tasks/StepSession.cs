using System.Collections;
using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>The session of a step's thread, for callbacks that receive no cmdlet: handlers, conditions, bodies.</summary>
internal sealed class StepSession : IDisposable
{
    [ThreadStatic]
    private static StepSession? _current;

    private readonly StepSession? _outer = _current;
    private readonly PSCmdlet _cmdlet;
    private readonly IStepNotices _notices;
    private readonly Dictionary<FlowSetup, DefinitionScope> _setups = [];

    /// <summary>Makes a session current on this thread until disposed. Steps may nest.</summary>
    public StepSession(PSCmdlet cmdlet, IStepNotices notices)
    {
        _cmdlet = cmdlet;
        _notices = notices;
        _current = this;
    }

    /// <summary>The session of the innermost step on this thread; null outside of a step.</summary>
    public static StepSession? Current => _current;

    /// <summary>The session's $Error list, the newest first.</summary>
    public ArrayList? Errors => _cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList;

    /// <summary>Keeps what a flow's initialization script has left behind.</summary>
    public void Add(FlowSetup setup, DefinitionScope scope) => _setups[setup] = scope;

    /// <summary>What the initialization script of a body's flow left behind; null if there is none.</summary>
    public DefinitionScope? ScopeOf(FlowSetup? setup) => _setups.Count > 0 && _setups.TryGetValue(setup ?? FlowSetup.None, out var scope) ? scope : null;

    /// <summary>What a block sees in addition to the caller's scope: definitions of its flow's initialization script and definition block; null for none.</summary>
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

    /// <summary>Writes a warning.</summary>
    public void Warn(string text) => _notices.Warn(text);

    /// <summary>Writes an error that does not end the step.</summary>
    public void Report(FlowException error) => _notices.Report(error);

    public void Dispose() => _current = _outer;
}
