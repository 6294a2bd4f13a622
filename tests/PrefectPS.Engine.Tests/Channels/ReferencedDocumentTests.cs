using System.Text;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Channels;

/// <summary>A document too large for its channel goes to the store; the message references it.</summary>
public class ReferencedDocumentTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_referenced_document_is_read_as_sent()
    {
        var (document, reference) = await PutAsync();

        Assert.Equal(document, await DocumentReference.ResolveAsync(_store, reference, Stop));
    }

    [Fact]
    public async Task A_referenced_document_altered_in_the_store_is_rejected()
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
