using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Programs of the processes: the same code that users' processes run, recorded as operations.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes a step of a recorded run, or creates it.</summary>
    /// <param name="world">The simulation.</param>
    /// <param name="process">The process.</param>
    /// <param name="shape">The flow.</param>
    /// <param name="runId">The run id; null for the newest unfinished run, or a new one.</param>
    /// <param name="maxTasks">Maximum number of bodies per step; null for all.</param>
    /// <param name="resumes">Whether it selects any unfinished or due run, although only this one can match.</param>
    public static Operation Step(SimulatedWorld world, SimulatedProcess process, FlowShape shape, string? runId, int? maxTasks = null, bool resumes = false) =>
        Do(world, process, OperationKind.Step, runId, operation =>
        {
            var flow = shape.Define(world, process);
            RunChoice run = runId is null || resumes ? new NewestRun(flow, RunParameters.None) : new RunById(flow, runId, RunParameters.None);
            var request = new StepRequest(new StartNotingChoice(run, operation, shape.IsForced)) { Budget = new() { MaxTasks = maxTasks }, Durability = shape.Durability };
            operation.Return(StepTaker.Take(request, default).Run);
        }, isOfAnyRun: resumes);

    /// <summary>Lets time pass.</summary>
    public static void Wait(SimulatedWorld world, SimulatedProcess process, TimeSpan time) => world.Sleep(process, time);

    /// <summary>Sends a control request, and waits briefly until it is applied.</summary>
    /// <param name="world">The simulation.</param>
    /// <param name="process">The process.</param>
    /// <param name="shape">The flow.</param>
    /// <param name="runId">The run id.</param>
    /// <param name="request">Creates the request with the given id.</param>
    /// <param name="hasFlow">Whether the process knows the flow, not only its name.</param>
    public static Operation Ask(
        SimulatedWorld world, SimulatedProcess process, FlowShape shape, string runId, Func<string, DateTimeOffset, ControlRequest> request, bool hasFlow)
    {
        var asked = request(world.NewId(), new(world.Now.UtcTicks + world.NextMoment(), TimeSpan.Zero));
        return Do(world, process, OperationKind.Request, runId, operation =>
        {
            var flow = hasFlow ? shape.Define(world, process) : null;
            var sender = new RequestSender(new(shape.StoreOf(process)), new(FlowShape.Name, runId), flow, shape.ServicesOf(world, process)) { IsOwnStep = (_, _) => false };
            operation.Run = sender.Send(asked, Patience, CancellationToken.None).Run;
            operation.Started = operation.Run?.StartTime;
        }, asked);
    }

    /// <summary>Removes a run.</summary>
    public static Operation Remove(SimulatedWorld world, SimulatedProcess process, string runId) =>
        Do(world, process, OperationKind.Remove, runId, _ =>
            RunRemoval.Remove(new(process.Store, FlowShape.Name, runId), new() { Clock = process.Clock, Sleep = (time, _) => world.Sleep(process, time) }));

    /// <summary>Reads everything recorded of a run.</summary>
    public static Operation Read(SimulatedWorld world, SimulatedProcess process, FlowShape shape, string runId) =>
        Do(world, process, OperationKind.Read, runId, operation =>
        {
            _ = new RunIndex(new(process.Store)).AllRuns(FlowShape.Name, fault => throw fault);
            if (RecordedRuns.Read(shape.Define(world, process), runId) is not { } run)
                return;
            (operation.Started, operation.Run) = (run.StartTime, run);
            operation.Results = run.Tasks.ToDictionary(task => task.Slug, task => task.Result, StringComparer.Ordinal);
            _ = RunHistory.Find(process.Store, FlowShape.Name, runId);
            _ = RunLog.Find(process.Store, FlowShape.Name, runId)?.ReadNext(fault => throw fault);
        });

    private static Operation Do(SimulatedWorld world, SimulatedProcess process, OperationKind kind, string? runId, Action<Operation> action, ControlRequest? request = null,
        bool isOfAnyRun = false)
    {
        var operation = new Operation(process, kind, runId) { Began = world.NextMoment(), Request = request, IsOfAnyRun = isOfAnyRun || runId is null };
        world.Operations.Add(operation);
        process.Operation = operation;
        try
        {
            action(operation);
        }
        catch (Exception e) when (e is not ProcessKilledException)
        {
            operation.Error = e;
        }

        operation.Ended = world.NextMoment();
        return operation;
    }
}
