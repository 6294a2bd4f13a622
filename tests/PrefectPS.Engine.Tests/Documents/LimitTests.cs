using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Documents;

public class LimitTests
{
    [Theory]
    [InlineData("// comment\n[]")]
    [InlineData("[/* comment */]")]
    [InlineData("[],")]
    [InlineData("[]x")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"_result\":{\"value\":NaN}}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"_result\":{\"value\":1e999}}}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\"},\"time\":[1e999,0]}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\"},\"time\":[1e300,0]}]")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"message\":\"\\ud800\"}}]")]
    [InlineData("[{\"task\":{\"slug\":\"\\udc00\\ud800\"},\"state\":{\"type\":\"Success\"}}]")]
    [InlineData("{\"run\":{\"started\":\"9999-12-31T23:59:59Z\"},\"tasks\":[]}")]
    [InlineData("{\"run\":{\"started\":\"0001-01-01T00:00:00Z\"},\"tasks\":[]}")]
    [InlineData("{\"run\":{\"step\":2147483648},\"tasks\":[]}")]
    [InlineData("{\"run\":{\"step\":1,\"step\":2},\"tasks\":[]}")]
    [InlineData("{\"run\":{\"parameters\":{\"p\":1,\"P\":2}},\"tasks\":[]}")]
    [InlineData("[{\"slug\":\"a\",\"slug\":\"b\",\"type\":\"Success\"}]")]
    public void Non_standard_JSON_and_duplicate_keys_are_rejected(string document) => AssertRefused(document);

    [Fact]
    public void Names_and_numbers_that_are_too_long_are_rejected()
    {
        AssertRefused($"[{{\"slug\":\"{new string('a', Limits.MaxReadNameBytes + 1)}\",\"type\":\"Success\"}}]");
        AssertRefused($"{{\"run\":{{\"id\":\"{new string('a', Limits.MaxReadNameBytes + 1)}\"}},\"tasks\":[]}}");
        AssertRefused($"[{{\"slug\":\"a\",\"type\":\"Success\",\"message\":\"{new string('a', Limits.MaxReadTextBytes + 1)}\"}}]");
        AssertRefused($"[{{\"state\":{{\"type\":\"Success\",\"_result\":{{\"value\":{new string('1', 100_000)}}}}}}}]");
        AssertRefused($"[{{\"state\":{{\"type\":\"Success\",\"_result\":{{\"value\":{{\"$type\":\"bigint\",\"value\":\"{new string('1', 100_000)}\"}}}}}}}}]");
    }

    [Theory]
    [InlineData("{\"run\":{\"parameters\":{\"p\":", "")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"context\":{\"x\":", "")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"cached_inputs\":{\"x\":", "")]
    public void Nesting_too_deep_to_write_back_is_rejected(string before, string after) => AssertRefused(before + new string('[', 100) + after);

    // Many small items, each larger in memory than as text.
    [Theory]
    [InlineData("[{0}]", "{\"slug\":\"a\",\"type\":\"Success\"}")]
    [InlineData("[{0}]", "{\"slug\":\"unknown\",\"type\":\"Success\"}")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Mapped\"},\"children\":[{0}]}]", "{\"state\":{\"type\":\"Failed\"}}")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Mapped\",\"context\":{\"prefectps\":{\"children\":[{0}]}}}}]", "{\"type\":\"Failed\"}")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Success\",\"_result\":{\"value\":[{0}]}}}]", "[]")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Success\",\"_result\":{\"value\":[{0}]}}}]", "1")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Success\",\"_result\":{\"value\":[{0}]}}}]", "{}")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Success\",\"context\":{\"x\":[{0}]}}}]", "{}")]
    [InlineData("[{\"slug\":\"a\",\"state\":{\"type\":\"Success\"},\"x\":[{0}]}]", "{}")]
    public void Memory_is_a_small_multiple_of_the_document(string document, string element)
    {
        const int size = 4 * 1024 * 1024;
        var bytes = Encoding.UTF8.GetBytes(document.Replace("{0}", string.Join(',', Enumerable.Repeat(element, size / (element.Length + 1))), StringComparison.Ordinal));
        var flow = new TestFlow().Task("a").Flow;
        var before = GC.GetAllocatedBytesForCurrentThread();
        StateDocument.Read(flow, Envelope.Open(bytes).Content, ReadingOptions.Default);
        var multiple = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)bytes.Length;
        TestContext.Current.SendDiagnosticMessage($"{multiple:0.0} times the document of {element}");
        Assert.True(multiple < 128, $"{multiple:0.0} times");
    }

    private static void AssertRefused(string document)
    {
        var error = Assert.Throws<FlowException>(() => FlowStateReader.Read(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
    }
}
