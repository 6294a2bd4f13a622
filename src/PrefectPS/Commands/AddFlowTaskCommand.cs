using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Adds a task to a flow.</para></summary>
[Cmdlet(VerbsCommon.Add, "FlowTask", DefaultParameterSetName = DefinitionSet)]
[Alias("task")]
[OutputType(typeof(FlowTask))]
public sealed class AddFlowTaskCommand : FlowCmdlet
{
    private const string DefinitionSet = "Definition";
    private const string FlowSet = "Flow";

    /// <summary>The flow; not needed in the definition block of New-Flow.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = DefinitionSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Flow? Flow { get; set; }

    /// <summary>The task's name, unique in the flow.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = DefinitionSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>What the task does; its output is the task's result.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 2)]
    [Parameter(ParameterSetName = DefinitionSet, Mandatory = true, Position = 1)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>The tasks that must have ended before.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] After { get; set; } = [];

    /// <summary>Parameter of the script block = the task whose result it takes.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary InputFrom { get; set; } = new Hashtable();

    /// <summary>Parameter of the script block = its value.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Argument { get; set; } = new Hashtable();

    /// <summary>The task's key in state documents; its name unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Slug { get; set; }

    /// <summary>Words to find the task by.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>Where in the flow's store the result is written.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>How long the task is expected to run: with less time left in a step it is not started.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? ExpectedDuration { get; set; }

    /// <summary>Called with the task, its old and its new state, whenever its state changes.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock[] StateHandler { get; set; } = [];

    /// <summary>Return the task.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var flow = Flow ?? FlowDefinition.Current ?? throw ModuleErrors.FlowRequired(Name);
        var inputs = Pairs(InputFrom).Select(p => new KeyValuePair<string, string>(p.Key, TaskNameOf(p))).ToArray();
        KeyValuePair<string, object?>[] arguments = [.. Pairs(Argument)];
        var task = flow.Add(new(Name, new ScriptBlockBody(Name, ScriptBlock, [.. inputs.Select(i => i.Key), .. arguments.Select(a => a.Key)]))
        {
            Slug = Slug,
            Tags = Tag,
            After = After,
            InputFrom = inputs,
            Arguments = arguments,
            Target = Target,
            ExpectedDuration = ExpectedDuration,
            StateHandlers = [.. StateHandler.Select(block => new ScriptBlockHandler(block))],
        });
        if (PassThru)
            WriteObject(task);
    }

    private string TaskNameOf(KeyValuePair<string, object?> input) =>
        LanguagePrimitives.TryConvertTo<string>(input.Value, out var name) && !string.IsNullOrEmpty(name)
            ? name
            : throw FlowErrors.TaskInvalid(Name, $"-InputFrom gives the parameter '{input.Key}' no task");

    // In the order of their names: a hashtable has none of its own, and the same flow must have the same fingerprint.
    private static IEnumerable<KeyValuePair<string, object?>> Pairs(IDictionary map) =>
        map.Cast<DictionaryEntry>()
            .Select(e => new KeyValuePair<string, object?>(e.Key.ToString()!, PowerShellValues.Instance.Unwrap(e.Value)))
            .OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase);
}
