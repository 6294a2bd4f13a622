using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Writes a run as a compact document: states by task position, column by column.</summary>
public sealed class CompactWriter(bool matchBySlug, bool includeTimes)
{
    /// <summary>Writes the document as ASCII.</summary>
    /// <param name="run">The run.</param>
    /// <param name="matchBySlug">Whether to include slugs, so that a changed flow can read the document.</param>
    /// <param name="includeTimes">Whether to include the times of finished tasks, to the millisecond.</param>
    /// <param name="keys">The signing keys; null for no signature.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a result contains too many bytes.</exception>
    public static byte[] Write(FlowState run, bool matchBySlug = false, bool includeTimes = false, SigningKeys? keys = null)
    {
        LargeBytes.Refuse(run);
        return CompactText.Write(Content(run, matchBySlug, includeTimes), keys);
    }

    /// <summary>Writes the document's content as JSON, before packing.</summary>
    internal static byte[] Content(FlowState run, bool matchBySlug, bool includeTimes) => DocumentSize.Fit(run, each => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber(DocumentKeys.Version, FlowStateWriter.Version);
        new CompactWriter(matchBySlug, includeTimes).WriteRun(json, each);
        json.WriteEndObject();
    }));

    private void WriteRun(Utf8JsonWriter json, FlowState run)
    {
        FlowStateWriter.WriteHead(json, run, withHashes: matchBySlug);
        if (matchBySlug)
        {
            json.WriteStartArray(DocumentKeys.Slugs);
            foreach (var task in run.Flow.Plan.Tasks)
                json.WriteStringValue(task.Slug);
            json.WriteEndArray();
        }

        var block = new CompactBlock(run, run.States, index => run.Flow.Plan.Tasks[index].Slug, includeTimes ? _ => true : _ => false);
        WriteBlock(json, block);
    }

    private void WriteBlock(Utf8JsonWriter json, CompactBlock block)
    {
        block.WriteShapes(json);
        block.WriteColumns(json);
        json.WriteStartArray(DocumentKeys.Entries);
        foreach (var state in block.Shapeless)
            WriteEntry(json, block, state);
        json.WriteEndArray();
    }

    private void WriteEntry(Utf8JsonWriter json, CompactBlock block, int index)
    {
        var (run, state) = (block.Run, block.States[index]);
        json.WriteStartObject();
        json.WriteStartObject(DocumentKeys.State);
        try
        {
            FlowStateWriter.WriteState(json, state, run.Flow.Services.Values);
        }
        catch (FlowException e) when (e.InnerException is ValueFaultException)
        {
            throw FlowErrors.ResultNotWritable(block.SlugOf(index), e);
        }

        json.WriteEndObject();
        if (state is { Started: { } started, Ended: { } ended })
            StateWriter.WriteTime(json, started - run.StartTime, ended - started);
        if (state.Children is { } children)
        {
            var slug = block.SlugOf(index);
            var longest = state.IsFinished ? -1 : Longest(children);
            json.WriteStartObject(DocumentKeys.Children);
            WriteBlock(json, new(run, children, child => ChildSlug.Of(slug, child), child => includeTimes || child == longest));
            json.WriteEndObject();
        }

        if (state.SubflowRun is { } subrun)
        {
            json.WriteStartObject(DocumentKeys.Subflow);
            WriteRun(json, subrun);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // The longest finished child is the estimate for those still to run.
    private static int Longest(State[] children)
    {
        var longest = -1;
        for (var i = 0; i < children.Length; i++)
        {
            if (children[i].Ended is not null && (longest < 0 || Duration(children[i]) > Duration(children[longest])))
                longest = i;
        }

        return longest;
    }

    private static TimeSpan? Duration(State state) => state.Ended - state.Started;
}
