using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Commands;

/// <summary>Base of all cmdlets: provides cancellation when the pipeline is stopped, and converts exceptions to error records.</summary>
public abstract class FlowCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the pipeline is being stopped.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(End);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Takes one object from the pipeline.</summary>
    protected virtual void Process()
    {
    }

    /// <summary>Processes the collected objects after the last one.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Writes a non-terminating error.</summary>
    private protected void WriteError(FlowException error) => WriteError(ErrorRecords.From(error));

    /// <summary>Writes warnings.</summary>
    private protected void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            Warn(TerminalText.Of(warning));
    }

    /// <summary>Writes a warning without terminal control sequences.</summary>
    private protected virtual void Warn(string warning) => WriteWarning(warning);

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (FlowException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
        catch (OperationCanceledException e) when (e is StepStoppedException || StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
