using System.Collections;
using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Documents;

namespace PrefectPS.Commands;

/// <summary>Base of the cmdlets that read a state document.</summary>
public abstract class ReadingCmdlet : FlowCmdlet
{
    /// <summary>Values of the flow's parameters, for a new run or a document that does not contain them.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>The id of a new run, or of a document that does not contain one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string? RunId { get; set; }

    /// <summary>The key that the document must be signed with, or several keys by id.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? SigningKey { get; set; }

    /// <summary>What to do if the flow has changed since the document was written.</summary>
    [Parameter]
    public FlowChangeAction OnChange { get; set; }

    /// <summary>The reading options from the parameters.</summary>
    private protected ReadingOptions ReadingOptions =>
        new() { Parameters = NamedValues.ByName(Parameter), RunId = GivenRun.Checked(RunId), SigningKeys = SigningKeyParameter.Resolve(SigningKey), OnChange = OnChange };
}
