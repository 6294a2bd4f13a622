using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Results;

public sealed class FileFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;
    private readonly ResultSerializers _serializers = new(PlainValueAdapter.Instance, []);

    public static TheoryData<string, int> Faults => new(from mishap in Enum.GetNames<InjectedFault>() from call in Enumerable.Range(1, 4) select (mishap, call));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Any_fault_while_a_file_is_stored_is_an_error_or_harmless_and_a_retry_succeeds(string mishap, int call)
    {
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        var file = Path.Combine(_folder, "data.csv");
        File.WriteAllBytes(file, content);
        var store = new FaultyStore(MemoryStore.Named(Guid.NewGuid().ToString())).At(call, Enum.Parse<InjectedFault>(mishap));

        Twice(() => new ResultStore(store, _serializers).Write("a.json", new FileInfo(file), _serializers.Json, TestContext.Current.CancellationToken));
        var copy = (FileInfo)Twice(() => new ResultStore(store, _serializers).Read("a.json", null)!);

        Assert.Equal(["write a.files/data.csv", "write a.json"], store.Calls.Where(each => each.StartsWith("write", StringComparison.Ordinal)).Distinct());
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(copy.FullName)));
    }

    private static T Twice<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.ResultInvalid)
        {
            return action();
        }
    }
}
