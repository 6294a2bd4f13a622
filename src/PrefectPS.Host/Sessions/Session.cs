using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;
using PrefectPS.Host.CommandLine;
using PrefectPS.Host.Terminal;

namespace PrefectPS.Host.Sessions;

/// <summary>A runspace with the everyday commands and the host's modules, that runs one script.</summary>
internal sealed class Session : IDisposable
{
    private readonly ConsoleHost _host;
    private readonly Interruption _interruption;
    private readonly Runspace _runspace;

    public Session(ConsoleHost host, Interruption interruption, ExecutionPolicy? executionPolicy)
    {
        _host = host;
        _interruption = interruption;
        _runspace = RunspaceFactory.CreateRunspace(host, CreateInitialState(executionPolicy));
        _runspace.Open();
        ModulePath.PutHostModulesFirst();
    }

    /// <summary>Runs <paramref name="script"/> to its end.</summary>
    /// <returns>The status for the process to exit with.</returns>
    public int Run(Script script)
    {
        var passesExit = ScriptExit.PassToHost(_runspace);
        using var run = new PipelineRun(_runspace, script.ToCommand());
        run.Invoke(feedsInput: Console.IsInputRedirected && script.TakesInput(), _interruption.Token);

        if (_interruption.RequestedExitCode is { } requested)
            return requested;
        if (run.Reason is { } failure)
            return Report(failure is IncompleteParseException ? script.ToParseException() : failure);
        if (_host.ExitCode is { } code)
            return code;
        return passesExit ? ExitCode.Success : ScriptExit.FromLastExitCode(run.Pipeline);
    }

    public void Dispose() => _runspace.Dispose();

    private static InitialSessionState CreateInitialState(ExecutionPolicy? executionPolicy)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(HostCommands.Entries);
        if (OperatingSystem.IsWindows() && executionPolicy is { } policy)
            state.ExecutionPolicy = policy;
        return state;
    }

    private int Report(Exception failure)
    {
        // The view of an error names its exception, which a contained record only stands in for; that of a parse error needs the record.
        var record = failure switch
        {
            ParseException parse => parse.ErrorRecord,
            IContainsErrorRecord container => new ErrorRecord(container.ErrorRecord, failure),
            _ => new ErrorRecord(failure, failure.GetType().FullName, ErrorCategory.NotSpecified, targetObject: null),
        };
        using var toError = _host.Display.RedirectToError();
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        pipeline.Invoke(new[] { record });
        return ExitCode.Failure;
    }
}
