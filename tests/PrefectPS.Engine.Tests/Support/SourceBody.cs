using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A body that does nothing, of a source of its own.</summary>
internal sealed class SourceBody(string source) : ITaskBody
{
    public string Source { get; } = source;

    public object? Run(FlowContext context, TaskArguments arguments) => null;
}
