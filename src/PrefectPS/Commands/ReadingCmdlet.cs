using System.Collections;
using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Documents;

namespace PrefectPS.Commands;

/// <summary>What the cmdlets that read a state document share: how it is to be read.</summary>
public abstract class ReadingCmdlet : FlowCmdlet
{
    /// <summary>Parameter of the flow = its value, for a new run, or a document that does not carry it.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>The id of the run, where the document names none, and of a run that begins.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string? RunId { get; set; }

    /// <summary>The key that the document has to be signed with, or several by their ids.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? SigningKey { get; set; }

    /// <summary>What to do where the flow has changed since the document was written.</summary>
    [Parameter]
    public FlowChangeAction OnChange { get; set; }

    /// <summary>How the document is to be read, as the parameters say.</summary>
    private protected ReadingOptions ReadingOptions =>
        new() { Parameters = NamedValues.ByName(Parameter), RunId = GivenRun.Checked(RunId), SigningKeys = SigningKeyParameter.Resolve(SigningKey), OnChange = OnChange };
}
