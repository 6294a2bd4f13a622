using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Makes the double of a flow, by which the flow is tried: the same graph and options, with other bodies, services and store.</summary>
/// <param name="services">What the double takes from its surroundings.</param>
/// <param name="store">Its store, and that of all its tasks; null for none: then it has no targets and no caches.</param>
/// <param name="mockOf">What stands in for a task's body, by the path and the task; null for the body itself.</param>
public sealed class FlowDouble(FlowServices services, IFlowStore? store, Func<string, FlowTask, FlowMock?> mockOf)
{
    /// <summary>The double of a flow.</summary>
    public Flow Of(Flow flow) => Of(flow, path: string.Empty);

    private Flow Of(Flow flow, string path) => new(flow, services, store, (task, of) =>
    {
        var mock = mockOf(path, task);
        return task.CopyTo(of, mock, mock is null && task.Subflow is { } subflow ? Of(subflow, $"{path}{task.Slug}/") : null);
    });
}
