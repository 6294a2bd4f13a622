using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Runs the setups of a flow and its subflows before a step: in the session, and in a first separate runspace.</summary>
internal static class FlowSetups
{
    /// <summary>Runs those that tasks need.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public static void Run(Flow flow, Throttle? throttle, StepSession session, RunspaceBodyPool? pool, CancellationToken stop)
    {
        var root = ScriptSettings.Of(flow).Setup;
        var own = new List<FlowSetup>();
        var beside = new List<FlowSetup>();
        foreach (var inner in flow.WithSubflows())
        {
            var setup = ScriptSettings.Of(inner).Setup ?? root;
            if (setup is null)
                continue;
            if (inner.Tasks.Any(task => task.UndoBody is not null || (task.Body is not null && throttle?.RunsOffThread(task) != true)))
                own.Add(setup);
            if (inner.Tasks.Any(task => task.Body is not null && throttle?.RunsOffThread(task) == true))
                beside.Add(ScriptSettings.Of(inner).Setup ?? FlowSetup.None);
        }

        if (own.Count > 0)
            RunHere(root, own.Distinct(), session);
        pool?.SetUp(beside.Distinct(), stop);
    }

    private static void RunHere(FlowSetup? root, IEnumerable<FlowSetup> setups, StepSession session)
    {
        var outer = root is null ? new() : RunspaceSetup.RunHere(root);
        session.Add(root ?? FlowSetup.None, outer);
        session.Add(FlowSetup.None, outer);
        foreach (var setup in setups.Where(setup => setup != root))
        {
            var scope = new DefinitionScope();
            scope.Include(outer);
            scope.Include(RunspaceSetup.RunHere(setup));
            session.Add(setup, scope);
        }
    }
}
