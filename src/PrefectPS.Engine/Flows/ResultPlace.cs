using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Where the results of a task are kept, and how. The tasks that have their flow's share it.</summary>
/// <param name="StoreName">The name of their store; null where they travel inside the state document.</param>
/// <param name="IsOwn">Whether that store is another one than the flow's.</param>
/// <param name="Results">The results in it.</param>
/// <param name="Checkpoints">Whether they are written to it.</param>
/// <param name="Serializer">Their form; null for what the extension of a location says.</param>
internal sealed record ResultPlace(string? StoreName, bool IsOwn, ResultStore? Results, bool Checkpoints, IResultSerializer? Serializer)
{
    /// <summary>The place of a task, of which some may be the flow's.</summary>
    public ResultPlace(TaskOptions options, Flow flow)
        : this(
            options.Store?.Name ?? flow.StoreName,
            options.Store is not null,
            options.Store is null ? flow.Results : new(options.Store, flow.Services.Serializers),
            options.Checkpoints ?? flow.Checkpoints,
            SerializerOf(options, flow))
    {
    }

    // The nearest word counts, and a target's extension is one.
    private static IResultSerializer? SerializerOf(TaskOptions options, Flow flow) =>
        options.Serializer is { } name ? flow.Services.Serializers.Get(name)
        : options.Target is null && options.TargetFunction is null ? flow.Serializer
        : null;
}
