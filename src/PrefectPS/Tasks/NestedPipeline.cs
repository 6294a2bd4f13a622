using System.Globalization;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using PrefectPS.Flows;
using PrefectPS.Processes;

namespace PrefectPS.Tasks;

/// <summary>Runs code in a nested pipeline on the caller's thread, which can be stopped like by Ctrl+C without stopping the caller's pipeline.</summary>
internal sealed class NestedPipeline : IDisposable
{
    private static readonly CmdletInfo Inner = new("Invoke-NestedPart", typeof(NestedPartCommand));

    private readonly Action _part;
    private readonly PowerShell _shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
    private readonly string? _thread = ProcessTable.CurrentThread();
    private readonly Timer _timer;
    private readonly object _gate = new();
    private ExceptionDispatchInfo? _thrown;
    private (CultureInfo Formats, CultureInfo Texts)? _cultures;
    private Thread? _stop;
    private bool _hasEnded;

    private NestedPipeline(Action part)
    {
        _part = part;
        _timer = new(_ => Stop());

        // PowerShell does not transcribe the output of a command in a nested pipeline until a command of that name has ended once, so an empty one runs first.
        _shell.AddCommand(Inner).AddCommand(Inner).AddParameter(nameof(NestedPartCommand.Part), (Action)RunPart);
    }

    /// <summary>Runs a part.</summary>
    /// <param name="part">The part; its exceptions are rethrown here.</param>
    /// <param name="grace">How long it has to end by itself after a stop request.</param>
    /// <param name="stop">When it is to end.</param>
    /// <returns>True if it ended by itself; false if it was stopped.</returns>
    public static bool TryRun(Action part, TimeSpan grace, CancellationToken stop)
    {
        using var pipeline = new NestedPipeline(part);
        using (stop.Register(() => pipeline._timer.Change(grace, Timeout.InfiniteTimeSpan)))
            return pipeline.TryRun();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop?.Join();
        _shell.Dispose();
    }

    private bool TryRun()
    {
        try
        {
            _shell.Invoke();
        }
        catch (PipelineStoppedException) when (_stop is not null)
        {
        }

        // Keep thread settings that the part has changed; the pipeline has restored the caller's.
        if (_cultures is { } set)
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = set;

        lock (_gate)
        {
            if (_stop is not null && !_hasEnded && _thrown is null or { SourceException: StepStoppedException or PipelineStoppedException })
                return false;
        }

        _thrown?.Throw();
        return true;
    }

    private void RunPart()
    {
        try
        {
            _part();
        }
        catch (Exception e)
        {
            _thrown = ExceptionDispatchInfo.Capture(e);
        }

        _cultures = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        lock (_gate)
            _hasEnded = _thrown is null;
    }

    // On a background thread, which does not keep the process alive.
    private void Stop()
    {
        lock (_gate)
        {
            if (_hasEnded || _thrown is not null || _stop is not null)
                return;
            _stop = new(() => ShellStop.Run(_shell, _thread)) { IsBackground = true };
            _stop.Start();
        }
    }

    /// <summary>The command inside the nested pipeline; runs one part.</summary>
    private sealed class NestedPartCommand : PSCmdlet
    {
        /// <summary>The part; null for none.</summary>
        [Parameter]
        public Action? Part { get; set; }

        protected override void EndProcessing()
        {
            if (Part is { } part)
                SessionStreams.In(this, part);
        }
    }
}
