using System.Text;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Results;

public sealed class SerializerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
    private readonly ResultSerializers _serializers = new(PlainValueAdapter.Instance, []);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.json", "Json")]
    [InlineData("a", "Json")]
    [InlineData("a.dat", "Json")]
    [InlineData("a.TXT", "Text")]
    [InlineData("a.b/c.xml", "Text")]
    [InlineData("a.bin", "Bytes")]
    [InlineData("a.tar.gz", "File")]
    public void An_extension_selects_a_format(string location, string serializer) => Assert.Equal(serializer, _serializers.Of(location).Name);

    [Fact]
    public void Each_extension_selects_one_format_and_each_format_has_an_extension()
    {
        Assert.All(new[] { "Json", "Text", "Bytes", "File" }, name =>
            Assert.All(_serializers.Get(name).Extensions, extension => Assert.Equal(name, _serializers.Of("x" + extension).Name)));
        Assert.Equal("Json", _serializers.Get("JSON").Name);
        Assert.Contains("the serializers are Json, Text, Bytes, File", Assert.Throws<FlowException>(() => _serializers.Get("Yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_format_in_a_document_fails_only_when_the_result_is_read()
    {
        var flow = new TestFlow(options: new() { Store = new FolderStore(_folder) }).Task("a");
        flow.Add(new("b", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "a")] });
        var run = PrefectPS.Documents.FlowStateReader.Read(
            flow.Flow, """[{"slug":"a","state":{"type":"Success","_result":{"type":"Result","location":"a.json","serializer":"Yaml"}}}]"""u8).Run;
        var task = flow.Step(run).Of("b");
        Assert.Equal((StateType.Failed, FlowErrorId.ResultInvalid), (task.StateType, task.Error!.Id));
        Assert.Contains("There is no serializer 'Yaml'", task.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_a_byte_order_mark_is_read_without_it()
    {
        File.WriteAllText(Path.Combine(_folder, "a.txt"), "täxt", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("täxt", Results().Read("a.txt", null));
    }

    [Fact]
    public void Invalid_UTF_8_is_an_error_that_names_the_result()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a.txt"), [0x61, 0xff, 0xfe]);
        var error = Assert.Throws<FlowException>(() => Results().Read("a.txt", null));
        Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
        Assert.Contains("'a.txt'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$type":"storedfile","value":"../a.json"}""")]
    [InlineData("""{"$type":"storedfile","value":"b/c"}""")]
    [InlineData("""{"$type":"storedfile","value":"/etc/passwd"}""")]
    [InlineData("""{"$type":"storedfile","value":""}""")]
    [InlineData("""{"$type":"storedfile"}""")]
    public void A_stored_file_is_kept_beside_its_result(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "a.json"), json);
        Assert.Equal(FlowErrorId.ResultInvalid, Assert.Throws<FlowException>(() => Results().Read("a.json", null)).Id);
    }

    [Fact]
    public void A_stored_file_cannot_occur_in_a_document() =>
        Assert.Throws<FormatException>(() => _serializers.Json.Read("""{"$type":"storedfile","value":"a.csv"}"""u8));

    [Fact]
    public void A_missing_stored_file_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(_folder, "a.json"), """{"$type":"storedfile","value":"b.csv"}""");
        Assert.Contains("'a.files/b.csv' is gone", Assert.Throws<FlowException>(() => Results().Read("a.json", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_a_script_outputs_one_by_one_are_stored_as_bytes()
    {
        var result = Results().Write("a.bin", new object[] { (byte)1, (byte)2 }, _serializers.Get("Bytes"), TestContext.Current.CancellationToken);
        Assert.Equal(new byte[] { 1, 2 }, result.Value);
        Assert.Equal(new byte[] { 1, 2 }, Results().Read("a.bin", null));
    }

    private ResultStore Results() => new(new FolderStore(_folder), _serializers);
}
