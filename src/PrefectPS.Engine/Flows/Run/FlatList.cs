using System.Collections;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The concatenated elements of nested lists, or of the results of a mapped task's children.</summary>
internal sealed class FlatList : List<object?>
{
    private readonly List<int> _origins = [];

    /// <summary>Flattens a list by one level; an element that is not a list is kept.</summary>
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

    /// <summary>Index of the inner list that an element came from; null if out of range.</summary>
    public int? OriginOf(int element) => element < _origins.Count ? _origins[element] : null;
}
