using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs all tasks of a step that can run now, one after the other in the plan's order, on the step's own thread.</summary>
/// <param name="clock">The step's budget.</param>
/// <param name="runBody">Runs a body to its end; returns null where the outcome is set, else the state the task is left in.</param>
internal sealed class SequentialPass(StepClock clock, Func<TaskPipeline, TaskRun, State?> runBody)
{
    /// <summary>Runs until nothing is left that can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    public void Run(WorkingRun run)
    {
        run.Pipeline.Regain = task => Regain(run, task);
        foreach (var task in run.Plan.Order)
        {
            if (run.IsToRun(task))
                RunTask(run, task);
        }
    }

    /// <summary>Runs a task again for its result, which was not kept.</summary>
    public void Regain(WorkingRun run, int task)
    {
        var lost = run.States[task];
        if (lost.Children is null)
            run.Set(task, RunAgain(run, task, lost, mapIndex: null));
        for (var child = 0; child < lost.Children?.Length; child++)
        {
            if (lost.Children[child].IsResultLost)
                run.SetChild(task, child, RunAgain(run, task, lost.Children[child], child));
        }
    }

    private State RunAgain(WorkingRun run, int task, State lost, int? mapIndex)
    {
        var again = lost.Again();
        var left = RunThrough(run, task, again, mapIndex, isRerun: true);
        return ReferenceEquals(left, again) || left.Type.IsRunning() ? lost : left; // not begun, or cut short
    }

    private void RunTask(WorkingRun run, int task)
    {
        run.MapAgain(task);
        if (run.States[task].Children is null)
            run.Set(task, RunThrough(run, task, run.States[task], mapIndex: null, run.IsRerun));
        for (var child = 0; child < run.States[task].Children?.Length; child++)
        {
            var given = run.States[task].Children![child];
            if (!given.IsFinished)
                run.SetChild(task, child, RunThrough(run, task, given, child, run.IsRerun));
        }
    }

    private State RunThrough(WorkingRun run, int index, State given, int? mapIndex, bool isRerun)
    {
        var (pipeline, task) = (run.Pipeline, run.Plan.Tasks[index]);
        while (true)
        {
            var pass = new TaskRun(task, given, mapIndex) { IsRerun = isRerun };
            given = pipeline.Begin(pass) ?? (task.Subflow is null ? runBody(pipeline, pass) : RunSubflow(pipeline, pass)) ?? pipeline.End(pass);
            if (!pass.GoesOn(given, clock))
                return given;
            run.Pass(index, mapIndex, given);
        }
    }

    private State? RunSubflow(TaskPipeline pipeline, TaskRun task)
    {
        if (pipeline.BeginSubrun(task) is not { } subrun)
            return null;
        Run(subrun);
        return pipeline.EndSubrun(task, subrun);
    }
}
