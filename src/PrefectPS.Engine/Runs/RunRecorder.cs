using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Writes what happens to the tasks of a run, or of a subrun in it, into the journal.</summary>
/// <param name="journal">The journal.</param>
/// <param name="run">The run or subrun.</param>
/// <param name="owner">The recorder of the run that the subrun belongs to; null for the run itself.</param>
/// <param name="task">The task there whose subrun it is.</param>
/// <param name="child">The child of that task, where it is a mapped one.</param>
internal sealed class RunRecorder(Journal journal, FlowState run, RunRecorder? owner = null, FlowTask? task = null, int? child = null) : IRunRecorder
{
    private readonly string _slugStart = owner is null ? string.Empty : $"{owner._slugStart}{MapChildren.Slug(task!, child)}/";

    public void Changed(FlowTask task, int? child, State from, State to) => journal.AddTransition(_slugStart + MapChildren.Slug(task, child), from.Type, to);

    // A task of the run itself is an entry of a state document; of what is inside, it is said first where: [[task, child, …], child, entry].
    public void Settled(FlowTask task, int? child, State state) => journal.AddEntry(json =>
    {
        if (owner is not null || child is not null)
        {
            json.WriteStartArray();
            json.WriteStartArray();
            WritePath(json);
            json.WriteEndArray();
            WriteIndex(json, child);
        }

        FlowStateWriter.WriteTask(json, task, state, run.Started, run.Flow.Services.Values);
        if (owner is not null || child is not null)
            json.WriteEndArray();
    });

    public IRunRecorder OfSubrun(TaskRun outer, FlowState subrun)
    {
        Settled(outer.Task, outer.MapIndex, Subruns.Changed(outer.State, subrun) with { RunCount = outer.Attempt });
        return new RunRecorder(journal, subrun, this, outer.Task, outer.MapIndex);
    }

    public void Commit() => journal.Commit();

    private static void WriteIndex(Utf8JsonWriter json, int? child)
    {
        if (child is { } index)
            json.WriteNumberValue(index);
        else
            json.WriteNullValue();
    }

    private void WritePath(Utf8JsonWriter json)
    {
        if (owner is null)
            return;
        owner.WritePath(json);
        json.WriteStringValue(task!.Slug);
        WriteIndex(json, child);
    }
}
