using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the times of a flow's schedule, with their runs.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowSchedule")]
[OutputType(typeof(FlowScheduledRun))]
public sealed class GetFlowScheduleCommand : FlowCmdlet
{
    private const int UsualCount = 5;

    /// <summary>The flow.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The earliest time to return; now by default.</summary>
    [Parameter]
    [TimeTransformation]
    public DateTime? After { get; set; }

    /// <summary>Only times before this one.</summary>
    [Parameter]
    [TimeTransformation]
    public DateTime? Before { get; set; }

    /// <summary>How many times; five by default without -Before.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var schedule = Flow.RunSchedule ?? throw FlowErrors.NoSchedule(Flow);
        var from = After is { } after ? ZonedTime.Of(after, schedule.Zone) : Flow.Services.Clock.GetUtcNow();
        var until = Before is { } before ? ZonedTime.Of(before, schedule.Zone) : DateTimeOffset.MaxValue;
        var index = Flow.Store is { } store ? new RunIndex(new(store)) : null;
        foreach (var time in schedule.TimesFrom(from).TakeWhile(time => time < until).Take(First ?? (Before is null ? UsualCount : int.MaxValue)))
        {
            StopToken.ThrowIfCancellationRequested();
            WriteObject(new FlowScheduledRun(Flow, time, index?.Find(new(Flow.Name, ScheduledTime.IdOf(time)), WriteError)));
        }
    }
}
