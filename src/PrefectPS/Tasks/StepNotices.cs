using PrefectPS.Commands;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>What a step has to say, as a cmdlet's warnings and errors.</summary>
internal sealed class StepNotices(RunStreams streams) : IStepNotices
{
    public void Warn(string text) => streams.Warn(TerminalText.Of(text));

    public void Report(FlowException error) => streams.WriteError(ErrorRecords.From(error));
}
