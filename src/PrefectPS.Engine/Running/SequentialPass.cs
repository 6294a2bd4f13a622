using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs all tasks of a step that can run now, one after the other in the plan's order, on the step's own thread.</summary>
internal sealed class SequentialPass(StepClock clock)
{
    /// <summary>Runs until nothing is left that can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    public void Run(WorkingRun run)
    {
        foreach (var task in run.Plan.Order)
        {
            if (run.IsToRun(task))
                RunTask(run, task);
        }
    }

    private void RunTask(WorkingRun run, int task)
    {
        if (run.States[task].Children is null)
            run.Set(task, RunThrough(run.Pipeline, run.Plan.Tasks[task], run.States[task], mapIndex: null));
        for (var child = 0; child < run.States[task].Children?.Length; child++)
        {
            var given = run.States[task].Children![child];
            if (!given.IsFinished)
                run.SetChild(task, child, RunThrough(run.Pipeline, run.Plan.Tasks[task], given, child));
        }
    }

    private State RunThrough(TaskPipeline pipeline, FlowTask task, State given, int? mapIndex)
    {
        TaskRun run;
        do
        {
            run = new(task, given, mapIndex);
            given = pipeline.Begin(run) ?? RunBody(pipeline, run) ?? pipeline.End(run);
        }
        while (run.GoesOn(given, clock));
        return given;
    }

    private State? RunBody(TaskPipeline pipeline, TaskRun task)
    {
        if (task.Task.Subflow is null)
            return pipeline.RunBody(task);
        if (pipeline.BeginSubrun(task) is not { } subrun)
            return null;
        Run(subrun);
        return pipeline.EndSubrun(task, subrun);
    }
}
