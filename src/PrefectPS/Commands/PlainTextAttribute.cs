using System.Collections;
using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Refuses objects for a name or an address, which PowerShell would convert to text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is null ? inputData! : PlainText.Of(inputData) ?? throw PlainText.NotThat(Fault(inputData));

    private static string Fault(object given) => (given is PSObject wrapped ? wrapped.BaseObject : given) switch
    {
        ScriptBlock => "The name before the block is missing: New-Flow <name> { … }, task <name> { … }.",
        IDictionary => "A text is required, not a hashtable. To pass its entries as parameters, use @ instead of $ before the variable.",
        _ => $"A text is wanted, and not {PlainText.Describe(given)}.",
    };
}
