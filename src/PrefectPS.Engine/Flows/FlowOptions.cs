using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>What a flow can be given besides its name.</summary>
internal sealed record FlowOptions
{
    public IFlowStore? Store { get; init; }

    public string? Target { get; init; }

    public IReadOnlyList<IStateHandler> StateHandlers { get; init; } = [];
}
