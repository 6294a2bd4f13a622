using System.IO.Compression;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Documents.Fuzzing;

/// <summary>Documents of every kind to begin with: the reference engine's and our own, in full, compact, signed, and in what they come in.</summary>
internal sealed class Corpus
{
    public static readonly byte[] Key = new byte[32];

    private Corpus(TestFlow flow)
    {
        Flow = flow.Flow;
        FlowState[] runs = [flow.New(), flow.Step(flow.New(), maxTasks: 3), flow.Step(flow.New(), maxTasks: 6, reset: true), flow.RunAll()];
        var full = runs.Select(run => FlowStateWriter.Write(run)).ToList();
        CompactContents = [.. runs.SelectMany(run => new[] { CompactWriter.Content(run, false, false), CompactWriter.Content(run, true, true) })];
        Documents =
        [
            .. full,
            .. runs.Select(PrefectWriter.Write),
            .. runs.Select(run => FlowStateWriter.Write(run, new SigningKeys(Key))),
            .. CompactContents.Select(content => CompactText.Write(content, null)),
            .. CompactContents.Select(content => CompactText.Write(content, new(Key))),
            .. full.SelectMany(Wrap),
            .. ReferenceStates(),
        ];
    }

    /// <summary>The flow that all documents are read for.</summary>
    public Flow Flow { get; }

    public IReadOnlyList<byte[]> Documents { get; }

    /// <summary>What is packed into compact documents.</summary>
    public IReadOnlyList<byte[]> CompactContents { get; }

    public static Corpus Make()
    {
        var inner = new TestFlow("inner").Task("a", _ => 1).Task("b", _ => throw new InvalidOperationException("no luck"));
        var flow = new TestFlow("f", new() { Parameters = new ParameterDefaults([new("p", 1), new("q", "x")]) })
            .Task("a", _ => new object[] { 1, "two", 3.5, DateTime.UnixEpoch, new byte[] { 1, 2, 3 } })
            .Task("b", _ => new Dictionary<string, object?> { ["x"] = null, ["y"] = new System.Collections.Hashtable { [1] = 2 } });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("n", "a")] });
        flow.Add(new("sub", null) { Subflow = inner.Flow });
        flow.Add(new("again", TestFlow.Body(_ => throw new InvalidOperationException("again"))) { Retry = new() { MaxRetries = 2 } });
        flow.Task("task1").Task("task2").Task("task3", "task1").Task("task4").Task("task5").Task("task6").Task("task7").Task("task8");
        return new(flow);
    }

    private static IEnumerable<byte[]> Wrap(byte[] document)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(document);
        yield return packed.ToArray();
        yield return Encoding.UTF8.GetBytes(Convert.ToBase64String(document));
        yield return Encoding.UTF8.GetBytes($"{{\"message\":{{\"data\":\"{Convert.ToBase64String(packed.ToArray())}\",\"messageId\":\"1\"}},\"subscription\":\"s\"}}");
        yield return Encoding.UTF8.GetBytes($"{{\"specversion\":\"1.0\",\"data\":{Encoding.UTF8.GetString(document)}}}");
        yield return Encoding.UTF8.GetBytes($"<QueueMessagesList><QueueMessage><MessageText>{Convert.ToBase64String(document)}</MessageText></QueueMessage></QueueMessagesList>");
    }

    private static IEnumerable<byte[]> ReferenceStates()
    {
        var states = ConformanceData.Read("states.json");
        foreach (var row in states.GetProperty("classes").EnumerateObject().SelectMany(state => state.Value.GetProperty("serialized").EnumerateObject()))
            yield return Encoding.UTF8.GetBytes($"[{{\"task\":{{\"slug\":\"a\"}},\"state\":{row.Value.GetRawText()}}}]");
        foreach (var row in states.GetProperty("deserialize").EnumerateObject())
            yield return Encoding.UTF8.GetBytes($"[{{\"task\":{{\"slug\":\"a\"}},\"state\":{row.Value.GetProperty("doc").GetRawText()}}}]");
        foreach (var iteration in SeedRun.Steps(budget: 1))
            yield return Encoding.UTF8.GetBytes(iteration.GetProperty("encoded_after_mock").GetRawText());
    }
}
