namespace PrefectPS.Flows;

/// <summary>What stands in for the body of a task. Immutable.</summary>
/// <param name="Body">It.</param>
/// <param name="Parameters">The parameters of the flow that it is given.</param>
internal sealed record FlowMock(ITaskBody Body, IReadOnlyList<string> Parameters);
