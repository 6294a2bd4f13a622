using System.Text;
using System.Text.Json;
using CsCheck;
using Json.Schema;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Documents.Fuzzing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>The JSON schema in <c>docs</c> agrees with the reader.</summary>
public class SchemaTests
{
    private const string RefusedBySchema = "InvalidJsonAgainstSchemaDetailed,Microsoft.PowerShell.Commands.TestJsonCommand";

    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(FindFile()));

    [Fact]
    public void Every_written_document_matches_the_schema() => AnyStates.Gen.Array[1, 8].Sample(states =>
    {
        var (_, run) = AnyStates.RunOf(states);
        Assert.True(IsValid(FlowStateWriter.Write(run)), "in full");
        Assert.True(IsValid(FlowStateWriter.Write(run, new SigningKeys(Corpus.Key))), "signed");
        Assert.True(IsValid(PrefectWriter.Write(run)), "for Prefect");
    }, iter: Series.Cases(200, 10_000));

    [Fact]
    public void Children_subflows_and_the_reference_engines_documents_match_the_schema()
    {
        var corpus = Corpus.Make();
        foreach (var document in corpus.Documents.Where(IsJson))
        {
            var isRead = IsRead(corpus.Flow, document);
            Assert.True(isRead == IsValid(document), $"{(isRead ? "read" : "refused")}: {Encoding.UTF8.GetString(document)}");
        }
    }

    /// <summary>Documents that the reader rejects.</summary>
    public static TheoryData<string> Refused =>
    [
        "5",
        "{}",
        "[5]",
        "[{}]",
        "{\"version\":2,\"tasks\":[]}",
        "{\"tasks\":5}",
        "{\"tasks\":[],\"run\":{\"step\":-1}}",
        "{\"tasks\":[],\"flow\":{\"name\":5}}",
        "[{\"task\":7,\"state\":{\"type\":\"Success\"}}]",
        "[{\"task\":{\"slug\":7},\"state\":{\"type\":\"Success\"}}]",
        "[{\"state\":{\"message\":\"x\"}}]",
        "[{\"state\":{\"type\":\"Frobbed\"}}]",
        "[{\"state\":{\"type\":\"success\"}}]",
        "[{\"state\":{\"type\":\"Success\",\"message\":5}}]",
        "[{\"state\":{\"type\":\"Success\",\"_result\":null}}]",
        "[{\"state\":{\"type\":\"Scheduled\",\"start_time\":\"yesterday\"}}]",
        "[{\"state\":{\"type\":\"Retrying\",\"run_count\":\"abc\"}}]",
        "[{\"state\":{\"type\":\"Retrying\",\"run_count\":1.5}}]",
        "[{\"state\":{\"type\":\"Success\",\"context\":\"str\"}}]",
        "[{\"state\":{\"type\":\"Submitted\",\"state\":{\"type\":\"Nope\"}}}]",
        "[{\"state\":{\"type\":\"Success\"},\"time\":[1]}]",
        "[{\"state\":{\"type\":\"Success\"},\"time\":[1e300,0]}]",
        "[{\"state\":{\"type\":\"Submitted\",\"state\":{\"type\":\"Queued\",\"state\":5}}}]",
        "[{\"state\":{\"type\":\"Success\"},\"time\":[1e20,0]}]",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Rejected_documents_do_not_match_the_schema(string document)
    {
        Assert.False(IsValid(Encoding.UTF8.GetBytes(document)));
        Assert.False(IsRead(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document)));
    }

    /// <summary>Every kind of document through Test-Json, which has its own validator.</summary>
    [Fact]
    public async Task PowerShells_Test_Json_accepts_every_written_document_and_rejects_the_others()
    {
        var good = Written().ToList();
        // The cmdlet's numbers are decimals: it fails at one that none can hold before it asks the schema.
        var bad = Refused.Where(row => !row.Data.Contains("1e300", StringComparison.Ordinal)).Select(row => Encoding.UTF8.GetBytes(row.Data)).ToList();

        var verdicts = await TestJsonAsync([.. good, .. bad]);

        Assert.All(good.Zip(verdicts), pair => Assert.True(pair.Second == "True", $"{pair.Second}: {Encoding.UTF8.GetString(pair.First)}"));
        Assert.All(
            bad.Zip(verdicts.Skip(good.Count)),
            pair => Assert.True(pair.Second == RefusedBySchema, $"{pair.Second}: {Encoding.UTF8.GetString(pair.First)}"));
    }

    // Every state, alone and around others, in each form; children, subflows in subflows, signatures; and what the reference engine writes.
    private static IEnumerable<byte[]> Written()
    {
        var runs = new List<FlowState> { Nested() };
        AnyStates.Gen.Array[1, 40].Sample(states => runs.Add(AnyStates.RunOf(states).Run), iter: 10, threads: 1);
        foreach (var type in StateTypes.All)
            runs.Add(AnyStates.RunOf([new(type, "m")]).Run);
        var keys = new SigningKeys(Corpus.Key);
        var forms = runs.SelectMany(run => new[] { FlowStateWriter.Write(run), FlowStateWriter.Write(run, keys), PrefectWriter.Write(run) });

        var corpus = Corpus.Make();
        var others = corpus.Documents.Where(document => IsJson(document) && IsRead(corpus.Flow, document));
        string[] wrapped =
        [
            """[{"state":{"type":"Submitted","state":{"type":"Queued","state":{"type":"Pending","message":"m"}}}}]""",
            """[{"state":{"type":"ClientFailed","state":null}}]""",
        ];
        return [.. forms, .. others, .. wrapped.Select(Encoding.UTF8.GetBytes)];
    }

    private static FlowState Nested()
    {
        var inner = new TestFlow("inner").Task("a", _ => new object[] { 1, 2 });
        inner.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("n", "a")] });
        var middle = new TestFlow("middle");
        middle.Add(new("in", null) { Subflow = inner.Flow });
        middle.Task("fails", _ => throw new InvalidOperationException("no luck"));
        var outer = new TestFlow("outer");
        outer.Add(new("out", null) { Subflow = middle.Flow });
        return outer.RunAll();
    }

    // One file a document; for each a line: True, or the id of the error.
    private static async Task<string[]> TestJsonAsync(IReadOnlyList<byte[]> documents)
    {
        var folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
        try
        {
            for (var i = 0; i < documents.Count; i++)
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:00000}.json"), documents[i]);
            return await RealPowerShell.RunScriptAsync(
                """
                param($Folder, $Schema)
                Get-ChildItem $Folder | Sort-Object Name | ForEach-Object {
                    $isValid = Test-Json -LiteralPath $_.FullName -SchemaFile $Schema -ErrorAction SilentlyContinue -ErrorVariable faults
                    if ($isValid) { "$isValid" } else { $faults[0].FullyQualifiedErrorId }
                }
                """,
                [folder, FindFile()]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsJson(byte[] document) => document[0] is (byte)'{' or (byte)'[' && Envelope.Open(document).Layers.Count == 0;

    private static bool IsValid(byte[] document) => Schema.Evaluate(JsonElement.Parse(document)).IsValid;

    private static bool IsRead(Flow flow, byte[] document)
    {
        try
        {
            FlowStateReader.Read(flow, document);
            return true;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            return false;
        }
    }

    private static string FindFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "docs", "flow-state.schema.json");
            if (File.Exists(file))
                return file;
        }

        throw new FileNotFoundException("docs/flow-state.schema.json is not above the tests.");
    }
}
