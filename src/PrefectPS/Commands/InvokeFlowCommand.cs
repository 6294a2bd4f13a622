using System.Collections;
using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs a flow to its end, in this process.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "Flow", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowCommand : RunCmdlet
{
    /// <summary>Run all bodies for real, and put each result through its stored form before the next task gets it.</summary>
    [Parameter]
    public SwitchParameter RoundTripResult { get; set; }

    /// <summary>To try the flow: a task, or its path in a flow of flows, = a script block that runs instead of its body.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [ValidateNotNull]
    public IDictionary? Mock { get; set; }

    /// <summary>To try the flow: retries, polls and waits are over at once, by a clock of the run's own.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    public SwitchParameter SkipWait { get; set; }

    /// <summary>The store of a flow that is tried, instead of its own and those of its tasks; without it nothing is written.</summary>
    [Parameter(ParameterSetName = FlowSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object? Store { get; set; }

    /// <inheritdoc/>
    private protected override bool RoundTrips => RoundTripResult;

    /// <inheritdoc/>
    private protected override bool IsTrial => Mock is not null || SkipWait;

    /// <inheritdoc/>
    private protected override StepBudget Budget => new() { Wait = true };

    /// <inheritdoc/>
    private protected override bool Resets => false;

    /// <inheritdoc/>
    private protected override string ActionOf(int? step) => "Run flow";

    /// <inheritdoc/>
    private protected override Flow FlowToRun(Flow flow)
    {
        if (!IsTrial)
            return Store is null ? flow : throw ModuleErrors.StoreWithoutTrial(flow);
        if (Mock is not null && Cluster is not null)
            throw ModuleErrors.MockOnCluster(flow);
        var mocks = new MockParameter(Mock ?? new Hashtable());
        var clock = new SkippingClock();
        var services = flow.Services with { SessionCache = new() };
        if (SkipWait)
            services = services with { Clock = clock, Sleep = (time, _) => clock.Sleep(time) };
        var tried = new FlowDouble(services, Store is null ? null : StoreResolver.Resolve(Store, SessionState), mocks.Find).Of(flow);
        mocks.DemandUsed(flow);
        return tried;
    }
}
