using PrefectPS.Commands;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>Writes the notices of a step as warnings and errors of a cmdlet.</summary>
internal sealed class StepNotices(RunStreams streams) : IStepNotices
{
    public void Warn(string text) => streams.Warn(TerminalText.Of(text));

    public void Report(FlowException error) => streams.WriteError(ErrorRecords.From(error));
}
