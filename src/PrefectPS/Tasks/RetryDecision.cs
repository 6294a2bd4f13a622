using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>A block of <c>-RetryOn</c>: it receives the error like a <c>catch</c>, and decides whether the task is retried.</summary>
internal sealed class RetryDecision(string task, ScriptBlock block)
{
    private const string Call = """
        param($__block, $__error, $__isStrict)
        $_ = $__error
        if ($__isStrict) { Microsoft.PowerShell.Core\Set-StrictMode -Version 2.0 }
        & $__block $__error
        """;

    private const string PropertyMissing = "PropertyNotFoundStrict";
    private const string VariableMissing = "VariableIsUndefined";

    private readonly ScriptBlock _block = PortableBlock.InSession(block);
    private readonly SessionBlock _call = new(Splatting.WrapperFor(block, Call));

    /// <summary>True if the task is retried.</summary>
    /// <param name="error">The error; null for a failure without one, such as a signal.</param>
    /// <exception cref="TaskFailedException">The block failed.</exception>
    public bool Allows(TaskError? error)
    {
        var record = error is null ? null : ScriptErrors.RecordOf(error);
        try
        {
            return Ask(record, isStrict: true);
        }
        catch (TaskFailedException e) when (e.Error.Id is PropertyMissing or VariableMissing)
        {
            // A missing property is null. It is probably a mistake, which nothing else would show, so it is reported.
            if (e.Error.Id == PropertyMissing)
                StepSession.Current?.Warn(ModuleTexts.RetryReadsMissing(task, e.Error.Message));
            return Ask(record, isStrict: false);
        }
    }

    private bool Ask(PSObject? record, bool isStrict) => LanguagePrimitives.IsTrue(_call.Invoke(context: null, _block, record, isStrict));
}
