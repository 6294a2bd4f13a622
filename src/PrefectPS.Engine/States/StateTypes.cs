namespace PrefectPS.States;

/// <summary>The state tree: ancestors, traits and colour of each <see cref="StateType"/>. Follows <c>prefect.engine.state</c> of Prefect 1.4.1.</summary>
public static class StateTypes
{
    /// <summary>The root of the tree; no task or run is ever in it.</summary>
    public const string Root = "State";

    /// <summary>The parent of the states that wrap another one; no task or run is ever in it.</summary>
    public const string Meta = "_MetaState";

    /// <summary>The colour of <see cref="Root"/> and <see cref="Meta"/>, and of a task whose state is not known.</summary>
    public const string RootColor = "#696969";

    // Indexed by StateType. A parent stands before its children.
    private static readonly Node[] Nodes =
    [
        new(StateType.Pending, Root, "#7ebdff", StateTraits.Pending),
        new(StateType.Scheduled, nameof(StateType.Pending), "#ffab00", StateTraits.Scheduled),
        new(StateType.Paused, nameof(StateType.Scheduled), "#99a8e8"),
        new(StateType.Resume, nameof(StateType.Scheduled), "#f58c0c"),
        new(StateType.Retrying, nameof(StateType.Scheduled), "#f66a0a", StateTraits.Retrying),
        new(StateType.Submitted, Meta, "#ffdf5d", StateTraits.Submitted),
        new(StateType.Queued, Meta, "#ffea7f", StateTraits.Queued | StateTraits.Scheduled),
        new(StateType.ClientFailed, Meta, "#eb0000"),
        new(StateType.Running, Root, "#3d67ff", StateTraits.Running),
        new(StateType.Cancelling, nameof(StateType.Running), "#E8E8E8"),
        new(StateType.Finished, Root, "#003ccb", StateTraits.Finished),
        new(StateType.Looped, nameof(StateType.Finished), "#003ccb", StateTraits.Looped),
        new(StateType.Cancelled, nameof(StateType.Finished), "#bdbdbd"),
        new(StateType.Success, nameof(StateType.Finished), "#28a745", StateTraits.Successful),
        new(StateType.Cached, nameof(StateType.Success), "#34d058", StateTraits.Cached),
        new(StateType.Mapped, nameof(StateType.Success), "#003ccb", StateTraits.Mapped),
        new(StateType.Skipped, nameof(StateType.Success), "#62757f", StateTraits.Skipped),
        new(StateType.Failed, nameof(StateType.Finished), "#eb0000", StateTraits.Failed),
        new(StateType.TimedOut, nameof(StateType.Failed), "#ff4e33"),
        new(StateType.TriggerFailed, nameof(StateType.Failed), "#ff5131"),
        new(StateType.ValidationFailed, nameof(StateType.Failed), "#ff5131"),
    ];

    private static readonly Dictionary<string, Node> ByName = Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
    private static readonly string[][] AncestorsByType = [.. Nodes.Select(n => ClimbFrom(n).ToArray())];
    private static readonly StateTraits[] TraitsByType = Array.ConvertAll(Nodes, InheritTraits);

    /// <summary>All types, in the order of the tree.</summary>
    public static IReadOnlyList<StateType> All { get; } = Array.AsReadOnly(Array.ConvertAll(Nodes, n => n.Type));

    /// <summary>The type's name, as it stands in documents.</summary>
    /// <param name="type">A state type.</param>
    /// <returns>The name, without allocating.</returns>
    public static string Name(this StateType type) => Nodes[(int)type].Name;

    /// <summary>The names from the type's parent up to <see cref="Root"/>.</summary>
    /// <param name="type">A state type.</param>
    /// <returns>At least one name; the last one is <see cref="Root"/>.</returns>
    public static IReadOnlyList<string> Ancestors(this StateType type) => AncestorsByType[(int)type];

    /// <summary>The colour the reference engine draws the type in.</summary>
    /// <param name="type">A state type.</param>
    /// <returns><c>#rrggbb</c>.</returns>
    public static string Color(this StateType type) => Nodes[(int)type].Color;

    /// <summary>True if the type is Pending or one of its kinds.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsPending(this StateType type) => type.Has(StateTraits.Pending);

    /// <summary>True if the type waits for a start time (Queued too, though it is no kind of Scheduled).</summary>
    /// <param name="type">A state type.</param>
    public static bool IsScheduled(this StateType type) => type.Has(StateTraits.Scheduled);

    /// <summary>True if the type is Running or Cancelling.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsRunning(this StateType type) => type.Has(StateTraits.Running);

    /// <summary>True if the type is Finished or one of its kinds.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsFinished(this StateType type) => type.Has(StateTraits.Finished);

    /// <summary>True if the type is Success or one of its kinds.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsSuccessful(this StateType type) => type.Has(StateTraits.Successful);

    /// <summary>True if the type is Failed or one of its kinds.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsFailed(this StateType type) => type.Has(StateTraits.Failed);

    /// <summary>True if the type is Skipped.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsSkipped(this StateType type) => type.Has(StateTraits.Skipped);

    /// <summary>True if the type wraps another state.</summary>
    /// <param name="type">A state type.</param>
    public static bool IsMeta(this StateType type) => type.Has(StateTraits.Meta);

    internal static bool Has(this StateType type, StateTraits traits) => (TraitsByType[(int)type] & traits) != StateTraits.None;

    internal static StateTraits Traits(this StateType type) => TraitsByType[(int)type];

    /// <summary>Finds a state type by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type; Pending where there is none of that name.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse(string name, out StateType type)
    {
        var isKnown = ByName.TryGetValue(name, out var node);
        type = node?.Type ?? default;
        return isKnown;
    }

    private static IEnumerable<string> ClimbFrom(Node node)
    {
        yield return node.Parent;
        if (ByName.TryGetValue(node.Parent, out var parent))
        {
            foreach (var name in ClimbFrom(parent))
                yield return name;
        }
        else if (node.Parent == Meta)
        {
            yield return Root;
        }
    }

    private static StateTraits InheritTraits(Node node)
    {
        if (node.Parent == Meta)
            return node.Own | StateTraits.Meta;
        return ByName.TryGetValue(node.Parent, out var parent) ? node.Own | InheritTraits(parent) : node.Own;
    }

    private sealed record Node(StateType Type, string Parent, string Color, StateTraits Own = StateTraits.None)
    {
        public string Name { get; } = Type.ToString();
    }
}
