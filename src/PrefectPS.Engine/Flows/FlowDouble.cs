using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Creates test doubles of flows: the same graph and options, with other bodies, services and store.</summary>
/// <param name="services">Services of the double.</param>
/// <param name="store">Store of the double and all its tasks; null if none: then it has no targets and no caches.</param>
/// <param name="mockOf">Returns the mock of a task, given its path; null to run the real body.</param>
public sealed class FlowDouble(FlowServices services, IFlowStore? store, Func<string, FlowTask, FlowMock?> mockOf)
{
    /// <summary>Creates the double of a flow.</summary>
    public Flow Of(Flow flow) => Of(flow, path: string.Empty);

    private Flow Of(Flow flow, string path) => new(flow, services, store, (task, of) =>
    {
        var mock = mockOf(path, task);
        return task.CopyTo(of, mock, mock is null && task.Subflow is { } subflow ? Of(subflow, $"{path}{task.Slug}/") : null);
    });
}
