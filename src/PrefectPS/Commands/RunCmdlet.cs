using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Base of the cmdlets that run a flow: throttle, cluster, durability and log options.</summary>
public abstract class RunCmdlet : RunChoiceCmdlet
{
    private FlowCluster? _cluster;

    /// <summary>How many tasks can run at the same time, or a hashtable of limits by tag.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? ThrottleLimit { get; set; }

    /// <summary>The cluster whose workers run the tasks: an address, or what New-FlowCluster returns.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Cluster { get; set; }

    /// <summary>When finished tasks are recorded in the flow's store: before the next Task, shortly after in a Batch, or at the end of the Step.</summary>
    [Parameter]
    public FlowDurability? Durability { get; set; }

    /// <summary>Do not record the output of tasks.</summary>
    [Parameter]
    public SwitchParameter NoLog { get; set; }

    /// <summary>How tasks are reported to a CI platform, in the host's log and a summary; detected by default.</summary>
    [Parameter]
    public CIFormat CIFormat { get; set; }

    /// <summary>What ends the step.</summary>
    private protected abstract StepBudget Budget { get; }

    /// <summary>True if Cancelled tasks become Pending, before the step and after it.</summary>
    private protected abstract bool Resets { get; }

    /// <summary>True if the flow is run as a test (-Mock, -SkipWait).</summary>
    private protected virtual bool IsTrial => false;

    /// <summary>True if each result goes through its stored form.</summary>
    private protected virtual bool RoundTrips => false;

    /// <inheritdoc/>
    protected sealed override void Process()
    {
        _cluster = ClusterParameter.Resolve(Cluster); // before any run or message is touched
        using var voice = new VerboseStoreListener(new RunStreams(this).WriteVerbose);
        if (EndedRun is { } ended)
            WriteVerbose($"{ended}: it has ended, and is ignored.");
        else
            GoOnWith(ChosenRun());
        voice.Speak();
    }

    /// <summary>The operation, for -WhatIf and -Confirm.</summary>
    /// <param name="step">The number of the step; null if it is not known yet.</param>
    private protected abstract string ActionOf(int? step);

    /// <inheritdoc/>
    private protected sealed override void Warn(string warning) => new RunStreams(this).Warn(warning);

    private void GoOnWith(RunChoice run)
    {
        var given = (run as RunByState)?.State;
        var description = $"Performing the operation \"{ActionOf(given?.Step + 1)}\" on target \"{NameOf(run)}\".";
        if (ShouldProcess(description, description, caption: null, out var reason))
            TakeStep(run);
        else if (reason.HasFlag(ShouldProcessReason.WhatIf))
            WritePlan(run);
        else if (given is not null)
            WriteObject(SelectionIn(given.Flow)?.ApplyTo(given) ?? given);
    }

    // The plan is written as What-if lines to the host; nothing is returned.
    private void WritePlan(RunChoice run)
    {
        var request = RequestFor(run);
        var throttle = ThrottleParameter.Resolve(run.Flow, ThrottleLimit, isElsewhere: _cluster is not null);
        foreach (var task in Plan(request with { Budget = request.Budget with { Throttle = throttle } }, new StepNotices(new RunStreams(this))))
            ShouldProcess(TerminalText.Of(task.ToString()), verboseWarning: null, caption: null);
    }

    private void TakeStep(RunChoice run)
    {
        var request = RequestFor(run);
        if (run is RunOfMessage { Message: var message })
            WithLock(message, () => Finish(Take(request), request));
        else
            Finish(Take(request), request);
    }

    // Downstream commands process the run before the computer restarts, even if they stop the pipeline.
    private void Finish(StepOutcome outcome, StepRequest request)
    {
        try
        {
            Write(outcome, request.Run);
        }
        finally
        {
            if (!StopToken.IsCancellationRequested)
                ComputerRestarter.Follow(this, outcome.Run, request.Restart, keepsLog: !NoLog);
        }
    }

    // The message stays locked until downstream commands, such as Publish-FlowMessage, have processed the run.
    private static void WithLock(FlowMessage message, Action action)
    {
        try
        {
            using var locked = message.RenewLock();
            action();
        }
        catch (FlowException e)
        {
            message.Fail(e, mayPass: e.IsTransient || e.Id == FlowErrorId.StoreConflict);
            throw;
        }
        catch (OperationCanceledException e)
        {
            message.Fail(e, mayPass: true);
            throw;
        }
    }

    private StepOutcome Take(StepRequest request)
    {
        using var termination = request.Run.Flow.Store is null ? null : new StepTermination(StopToken);
        return PipelineStep.Take(this, request, ThrottleLimit, termination?.Token ?? StopToken, _cluster, CIFormat);
    }

    private StepRequest RequestFor(RunChoice run) => new(run)
    {
        Budget = Budget,
        ResetCancelled = Resets,
        Durability = Durability,
        Selection = SelectionIn(run.Flow),
        RoundTripsResults = RoundTrips,
        NoLog = NoLog,
        Restart = IsTrial ? null : ComputerRestarter.For(run.Flow),
    };

    private void Write(StepOutcome outcome, RunChoice run)
    {
        if (outcome.IsLate && run is RunByState { State: var given })
            throw FlowErrors.RunFurtherOn(outcome.Run, given);
        Warn(outcome.Warnings);
        WriteObject(outcome.Run);
    }
}
