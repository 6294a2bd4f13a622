using PrefectPS.Documents;

namespace PrefectPS.Engine.Tests.Documents;

public class SeenKeysTests
{
    [Fact]
    public void Every_index_is_new_exactly_once()
    {
        var seen = default(SeenKeys);
        foreach (var index in Enumerable.Range(0, 300).Reverse())
            Assert.True(seen.Add(index), $"{index}, first");
        Assert.All(Enumerable.Range(0, 300), index => Assert.False(seen.Add(index), $"{index}, again"));
    }

    [Fact]
    public void Each_object_tracks_its_own_keys()
    {
        var (one, other) = (default(SeenKeys), default(SeenKeys));
        one.Add(200);
        Assert.True(other.Add(200));
        Assert.True(other.Add(136));
        Assert.True(one.Add(72));
    }
}
