using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Documents;

/// <summary>Reads a run from a compact document.</summary>
internal static class CompactReader
{
    private const string Inside = "the compact document";

    /// <summary>Reads a document for which <see cref="CompactText.Is"/> is true.</summary>
    /// <exception cref="FlowException">As for <see cref="FlowStateReader"/>; also where the document has no slugs and the flow has changed.</exception>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, ReadingOptions options)
    {
        if (document.Length > Limits.MaxDocumentBytes)
            throw FlowErrors.StateUnreadable($"it is larger than {Limits.MaxDocumentBytes} bytes");
        var content = CompactText.Read(document, options.SigningKeys);
        var inside = options.Inside is null ? Inside : $"{Inside} of {options.Inside}";
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            var progress = new ReadingProgress();
            var run = ReadRun(flow, flow.Results, options, progress, ref json, isInner: false);
            json.Read();
            return new(run, progress.Warnings);
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(content, e, inside);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(content, e, inside);
        }
    }

    /// <summary>Reads the run of a subflow.</summary>
    public static FlowState ReadSubflow(Flow flow, ResultStore? results, ReadingProgress progress, ref Utf8JsonReader json) =>
        ReadRun(flow, flow.Results ?? results, ReadingOptions.Default, progress, ref json, isInner: true);

    private static FlowState ReadRun(Flow flow, ResultStore? results, ReadingOptions options, ReadingProgress progress, ref Utf8JsonReader json, bool isInner)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var start = json.TokenStartIndex;
        var tasks = flow.Plan.Tasks;
        List<string>? slugs = null;
        var head = new DocumentHead();
        var block = new CompactBlockReader(flow, results, progress, index =>
            slugs is null ? tasks.ElementAtOrDefault(index) : index < slugs.Count ? flow.Find(slugs[index]) : null);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Slugs)
                slugs = ReadSlugs(ref json);
            else if (!head.ReadProperty(ref json, key, flow.Services.Values) && !block.ReadProperty(ref json, key))
                json.Skip();
        }

        if (options.SigningKeys is not null)
            head.CheckIsOf(flow);
        if (slugs is null && head.Fingerprint != flow.Plan.Fingerprint)
            throw FlowErrors.StateOfOtherFlow(head.FlowName, flow);
        if (!isInner)
            head.CheckName(flow);
        if (block.Count != (slugs?.Count ?? tasks.Length))
            throw new DocumentFaultException($"there are {block.Count} states of {slugs?.Count ?? tasks.Length} tasks", start);

        var run = head.ToRun(flow, options.Parameters, options.RunId);
        var states = block.ToStates(run.Started, index => slugs?[index] ?? tasks[index].Slug, start);
        var entries = new List<TaskEntry>(states.Length);
        for (var i = 0; i < states.Length; i++)
            entries.Add(new() { Slug = slugs?[i] ?? tasks[i].Slug, State = states[i] });
        return new StateMatcher(flow, run, matchByName: false, options.OnChange, progress).Match(entries, head);
    }

    private static List<string> ReadSlugs(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of slugs");
        var slugs = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            slugs.Add(JsonTokens.Name(ref json));
        return slugs;
    }
}
