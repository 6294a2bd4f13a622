using System.Collections;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The elements of a list's lists, one after the other, or of the results of a mapped task's children.</summary>
internal sealed class FlatList : List<object?>
{
    private readonly List<int> _origins = [];

    /// <summary>The elements of each element; one that is no list is its own.</summary>
    public static FlatList Of(IList lists)
    {
        var flat = new FlatList();
        for (var origin = 0; origin < lists.Count; origin++)
        {
            var value = lists[origin] is State child ? child.ReadResult() : lists[origin];
            if (value is IList list)
                flat.AddRange(list.Cast<object?>());
            else
                flat.Add(value);
            while (flat._origins.Count < flat.Count)
                flat._origins.Add(origin);
        }

        return flat;
    }

    /// <summary>Which list, from 0, an element is of; null where there is no such element.</summary>
    public int? OriginOf(int element) => element < _origins.Count ? _origins[element] : null;
}
