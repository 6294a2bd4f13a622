using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>The contract of a store, and what the engine builds on it: limits and results.</summary>
public abstract class EngineStoreContract : StoreContract
{
    [Fact]
    public void Of_the_places_of_a_limit_no_more_are_taken_than_there_are_and_one_that_is_given_back_is_free()
    {
        var flow = new Flow("flow", new FlowServices(), new() { Store = Store, ConcurrencyLimits = new Dictionary<string, int>(StringComparer.Ordinal) { ["a/b c"] = 2 } });
        flow.Add(new("task", NoBody.Instance) { Tags = ["A/B c"] });
        using var places = StorePlaces.Open(new(Store), flow, () => { })!;
        using var others = StorePlaces.Open(new(Store), flow, () => { })!;
        var (first, second) = (places.TryTake(flow.Tasks[0], out _), others.TryTake(flow.Tasks[0], out _));
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(places.TryTake(flow.Tasks[0], out var full));
        Assert.Equal("A/B c", full);
        first.Dispose();
        using var third = places.TryTake(flow.Tasks[0], out _);
        Assert.NotNull(third);
        second.Dispose();
        var more = new Flow("more", new FlowServices(), new() { Store = Store, ConcurrencyLimits = new Dictionary<string, int>(StringComparer.Ordinal) { ["a/b c"] = 3 } });
        more.Add(new("task", NoBody.Instance) { Tags = ["A/B c"] });
        Assert.Equal(FlowErrorId.LimitDiffers, Assert.Throws<FlowException>(() => StorePlaces.Open(new(Store), more, () => { })).Id);
    }

    [Fact]
    public void A_file_that_is_a_result_comes_back_as_it_was_whatever_its_size()
    {
        using var folder = new TemporaryFolder();
        var content = new byte[Large];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(folder["data.csv"], content);
        var serializers = new ResultSerializers(PlainValueAdapter.Instance, []);
        foreach (var (name, location) in new[] { ("Json", "a/result.json"), ("File", "a/data.csv") })
        {
            new ResultStore(Store, serializers).Write(location, new FileInfo(folder["data.csv"]), serializers.Get(name), Stop);
            var copy = Assert.IsType<FileInfo>(new ResultStore(OpenAgain(), serializers).Read(location, name));
            Assert.Equal("data.csv", copy.Name);
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(copy.FullName)));
        }
    }

    private sealed class NoBody : ITaskBody
    {
        public static readonly NoBody Instance = new();

        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => null;
    }
}
