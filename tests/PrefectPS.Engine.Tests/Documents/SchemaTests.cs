using System.Text;
using System.Text.Json;
using CsCheck;
using Json.Schema;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Documents.Fuzzing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>The JSON schema in <c>docs</c> says of a document what reading it does.</summary>
public class SchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(FindFile()));

    [Fact]
    public void Every_document_that_is_written_is_as_the_schema_says() => AnyStates.Gen.Array[1, 8].Sample(states =>
    {
        var (_, run) = AnyStates.RunOf(states);
        Assert.True(IsValid(FlowStateWriter.Write(run)), "in full");
        Assert.True(IsValid(FlowStateWriter.Write(run, new SigningKeys(Corpus.Key))), "signed");
        Assert.True(IsValid(PrefectWriter.Write(run)), "for Prefect");
    }, iter: 200);

    [Fact]
    public void Children_subflows_and_the_reference_engines_documents_are_as_the_schema_says()
    {
        var corpus = Corpus.Make();
        foreach (var document in corpus.Documents.Where(document => document[0] is (byte)'{' or (byte)'[' && Envelope.Open(document).Layers.Count == 0))
        {
            var isRead = IsRead(corpus.Flow, document);
            Assert.True(isRead == IsValid(document), $"{(isRead ? "read" : "refused")}: {Encoding.UTF8.GetString(document)}");
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("[5]")]
    [InlineData("[{}]")]
    [InlineData("{\"version\":2,\"tasks\":[]}")]
    [InlineData("{\"tasks\":5}")]
    [InlineData("{\"tasks\":[],\"run\":{\"step\":-1}}")]
    [InlineData("{\"tasks\":[],\"flow\":{\"name\":5}}")]
    [InlineData("[{\"task\":7,\"state\":{\"type\":\"Success\"}}]")]
    [InlineData("[{\"task\":{\"slug\":7},\"state\":{\"type\":\"Success\"}}]")]
    [InlineData("[{\"state\":{\"message\":\"x\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"Frobbed\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"success\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"message\":5}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"_result\":null}}]")]
    [InlineData("[{\"state\":{\"type\":\"Scheduled\",\"start_time\":\"yesterday\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"Retrying\",\"run_count\":\"abc\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"Retrying\",\"run_count\":1.5}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"context\":\"str\"}}]")]
    [InlineData("[{\"state\":{\"type\":\"Submitted\",\"state\":{\"type\":\"Nope\"}}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\"},\"time\":[1]}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\"},\"time\":[1e300,0]}]")]
    public void What_is_refused_is_not_as_the_schema_says(string document)
    {
        Assert.False(IsValid(Encoding.UTF8.GetBytes(document)));
        Assert.False(IsRead(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document)));
    }

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
