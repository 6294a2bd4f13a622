using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Where and how a task's results are stored. Tasks without settings of their own share their flow's instance.</summary>
/// <param name="StoreName">Name of the store; null if results travel inside the state document.</param>
/// <param name="IsOwn">Whether the store is the task's own.</param>
/// <param name="Results">The result store.</param>
/// <param name="Checkpoints">Whether results are written to the store.</param>
/// <param name="Serializer">The serializer; null to choose it by the location's extension.</param>
internal sealed record ResultSettings(string? StoreName, bool IsOwn, ResultStore? Results, bool Checkpoints, IResultSerializer? Serializer)
{
    /// <summary>Creates the place of a task; unset options fall back to the flow's.</summary>
    public ResultSettings(TaskOptions options, Flow flow)
        : this(
            options.Store?.Name ?? flow.StoreName,
            options.Store is not null,
            options.Store is null ? flow.Results : new(options.Store, flow.Services.Serializers),
            options.Checkpoints ?? flow.Checkpoints,
            SerializerOf(options, flow))
    {
    }

    // The most specific setting wins; a task's own target selects by extension, which beats the flow's serializer.
    private static IResultSerializer? SerializerOf(TaskOptions options, Flow flow) =>
        options.Serializer is { } name ? flow.Services.Serializers.Get(name)
        : options.Target is null && options.TargetFunction is null ? flow.Serializer
        : null;
}
