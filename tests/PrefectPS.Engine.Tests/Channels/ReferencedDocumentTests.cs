using System.Text;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Channels;

/// <summary>A document that is too large for its channel waits in the store; its message says which document that is.</summary>
public class ReferencedDocumentTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_that_was_sent_is_the_one_that_is_read()
    {
        var (document, reference) = await PutAsync();

        Assert.Equal(document, await DocumentReference.ResolveAsync(_store, reference, Stop));
    }

    [Fact]
    public async Task One_that_was_altered_in_the_store_is_refused()
    {
        var (document, reference) = await PutAsync();
        var location = DocumentReference.TryRead(reference)!.Location;
        var altered = Encoding.UTF8.GetString(document).Replace("\"Pending\"", "\"Success\"", StringComparison.Ordinal);
        Assert.NotEqual(document, Encoding.UTF8.GetBytes(altered));
        await _store.WriteAsync(location, Encoding.UTF8.GetBytes(altered), WriteCondition.Always, Stop);

        var error = await Assert.ThrowsAsync<FlowException>(async () => await DocumentReference.ResolveAsync(_store, reference, Stop));

        Assert.Equal(FlowErrorId.StateTampered, error.Id);
        Assert.Contains(location, error.Message, StringComparison.Ordinal);
    }

    private async Task<(byte[] Document, byte[] Reference)> PutAsync()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a").Task("b", "a");
        var document = FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 1, reset: true));
        return (document, await DocumentReference.PutAsync(_store, MessageIdentity.Identify(document), Stop));
    }
}
