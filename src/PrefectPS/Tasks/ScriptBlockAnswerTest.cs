using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A block of <c>-Until</c>: called where the caller is, with the answer as <c>$_</c> and as its argument, it takes the answer by putting out something true.</summary>
internal sealed class ScriptBlockAnswerTest(ScriptBlock block) : IAnswerTest
{
    private const string Call = "param($__block, $__arguments) $_ = $__arguments[0]; & $__block @__arguments";

    private readonly SessionBlock _block = new(block, Call);

    public string Source => block.ToString();

    public bool Accepts(FlowContext context, object? answer) => LanguagePrimitives.IsTrue(_block.Invoke(context, answer));
}
