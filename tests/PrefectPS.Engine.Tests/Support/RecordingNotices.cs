using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Records the notices of a step.</summary>
internal sealed class RecordingNotices(List<string> told) : IStepNotices
{
    public void Warn(string text) => told.Add(text);

    public void Report(FlowException error) => told.Add($"{error.Id}: {error.Message}");
}
