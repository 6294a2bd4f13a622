using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Host.Sessions;

/// <summary>One run of a command whose output and errors go to the host as they come.</summary>
internal sealed class PipelineRun : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipelineRun(Runspace runspace, Command command)
    {
        Pipeline = runspace.CreatePipeline();
        Pipeline.Commands.Add(command);
        Pipeline.Commands.Add(new Command(OutConsoleCommand.Name)
        {
            CommandOrigin = CommandOrigin.Internal,
            MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
        });
        Pipeline.StateChanged += OnStateChanged;
    }

    public Pipeline Pipeline { get; }

    /// <summary>Why the run failed or was stopped; null when it came to its end.</summary>
    public Exception? Reason => Pipeline.PipelineStateInfo.Reason;

    /// <summary>Runs the command until it has ended, or has stopped after <paramref name="stop"/> was cancelled.</summary>
    public void Invoke(bool feedsInput, CancellationToken stop)
    {
        Pipeline.InvokeAsync();
        if (feedsInput)
            InputFeed.Start(Pipeline.Input);
        else
            Pipeline.Input.Close();

        using var registration = stop.Register(Pipeline.StopAsync);
        _ended.Task.GetAwaiter().GetResult();
    }

    public void Dispose() => Pipeline.Dispose();

    private void OnStateChanged(object? sender, PipelineStateEventArgs change)
    {
        if (change.PipelineStateInfo.State is PipelineState.Completed or PipelineState.Failed or PipelineState.Stopped)
            _ended.TrySetResult();
    }
}
