using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Runs script-block tasks in separate runspaces.</summary>
internal sealed class RunspaceBodyPool : IBodyPool, IDisposable
{
    private readonly PSCmdlet _caller;
    private readonly CallerStreams _streams;
    private readonly IStepNotices _notices;
    private readonly BodyVariables _variables;
    private readonly RunspaceBodies _bodies;

    /// <param name="caller">The cmdlet that runs the step.</param>
    /// <param name="streams">Its streams.</param>
    /// <param name="variables">What bodies see of the session.</param>
    /// <param name="notices">Receives warnings about variables that a body does not find.</param>
    /// <param name="setup">The setup of the outermost flow, which also runs before the setups of its subflows.</param>
    public RunspaceBodyPool(PSCmdlet caller, CallerStreams streams, BodyVariables variables, IStepNotices notices, FlowSetup? setup)
    {
        _caller = caller;
        _streams = streams;
        _variables = variables;
        _notices = notices;
        _bodies = new(caller, setup);
    }

    public IBodyPlaces? Places => null;

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = (ScriptBlockBody)task.Body!;
        var now = _bodies.Surroundings.Now();
        var call = new RunspaceCall
        {
            Block = body.Portable,
            Arguments = body.Choose(arguments),
            ErrorAction = body.Settings.ErrorAction,
            Variables = [.. now.Preferences, .. _variables.VariablesOf(body)],
            StrictMode = _bodies.Surroundings.StrictMode,
            Now = now,
            Context = context,
            Suspects = _variables.SuspectsOf(body),
            Missing = name => post(() => _notices.Warn(ModuleTexts.CallerVariableNotSeen(task.Slug, name))),
        };
        return _bodies.Start(body, call, StreamsOf(context.Output, post), task.Flow.Services.Clock, error => _variables.Explain(body, error), ended);
    }

    /// <inheritdoc cref="RunspaceBodies.SetUp"/>
    public void SetUp(IEnumerable<FlowSetup> setups, CancellationToken stop) => _bodies.SetUp(setups, post => StreamsOf(task: null, post), stop);

    /// <inheritdoc cref="RunspaceBodies.Dispose"/>
    public void Dispose() => _bodies.Dispose();

    private RunspaceStreams StreamsOf(ITaskOutput? task, Action<Action> post) => new(_streams, task, _caller.WriteProgress, post);
}
