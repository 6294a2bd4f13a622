using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A block of <c>-Until</c>, called in the caller's session with the poll's output as <c>$_</c> and argument; it accepts the output by returning a true value.</summary>
internal sealed class ScriptBlockAnswerTest(ScriptBlock block) : IAnswerTest
{
    private const string Call = "param($__block, $__arguments) $_ = $__arguments[0]; & $__block @__arguments";

    private readonly SessionBlock _block = new(block, Call);

    public string Source => block.ToString();

    public bool Accepts(FlowContext context, object? answer) => LanguagePrimitives.IsTrue(_block.Invoke(context, answer));
}
