using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>A body that only has a source.</summary>
internal sealed class SourceBody(string source) : ITaskBody
{
    public string Source { get; } = source;

    public object? Run(FlowContext context, TaskArguments arguments) => null;
}
