using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Adds tasks from rows: hashtables or objects whose keys or properties are parameters of Add-FlowTask.</summary>
/// <remarks>A row is equivalent to a call of Add-FlowTask with the same values but cheaper: no command lookup, no pipeline.</remarks>
/// <param name="flow">The flow to add to.</param>
/// <param name="session">The session that defines it.</param>
/// <param name="warn">Receives warnings.</param>
internal sealed class TaskRows(Flow flow, SessionState session, Action<string> warn)
{
    private readonly EngineIntrinsics? _engine = session.PSVariable.GetValue("ExecutionContext") as EngineIntrinsics;

    /// <summary>Adds the tasks, in their order.</summary>
    /// <exception cref="FlowException">One is wrong: the error names its row.</exception>
    public void Add(object?[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var task = new AddFlowTaskCommand();
            try
            {
                _ = Add(task, EntriesOf(PowerShellValues.Instance.Unwrap(rows[i])));
            }
            catch (FlowException e)
            {
                throw ModuleErrors.RowInvalid(e, i, task.Name);
            }
        }
    }

    /// <summary>Adds a task from a pipeline object. As in PowerShell's binding, explicit parameters override properties, and properties without a parameter are ignored.</summary>
    /// <exception cref="FlowException">It is invalid, or not an object with properties.</exception>
    public FlowTask AddPiped(PSObject piped, IReadOnlyDictionary<string, object?> given)
    {
        var entries = EntriesOf(piped).Where(entry => !given.ContainsKey(entry.Key)).Concat(given.Select(entry => (entry.Key, entry.Value)));
        return Add(new(), entries.Where(entry => RowParameter.Find(entry.Key) is not null));
    }

    private FlowTask Add(AddFlowTaskCommand task, IEnumerable<(string Key, object? Value)> entries)
    {
        var saysCheckpoint = false;
        FlowException? fault = null;
        foreach (var (key, value) in entries)
        {
            var parameter = RowParameter.Find(key);
            if (parameter is null)
                fault ??= ModuleErrors.RowEntryUnknown(flow.Name, key, RowParameter.Names);
            // Rows of a table have all columns: an empty value counts as not given.
            else if (value is not null && !ReferenceEquals(value, AutomationNull.Value))
                fault = parameter.Bind(task, value, flow.Name, _engine) ?? fault;
            saysCheckpoint |= parameter?.Name == nameof(AddFlowTaskCommand.NoCheckpoint);
        }

        if (task.Name.Length == 0)
            fault ??= ModuleErrors.NameRequired(flow.Name);
        if (fault is not null)
            throw fault; // the fault already contains its name
        task.DemandBody();
        return task.Define(flow, session, saysCheckpoint, warn);
    }

    private IEnumerable<(string Key, object? Value)> EntriesOf(object? row) => row switch
    {
        IDictionary table => table.Keys.Cast<object>().Select(key => (Key: key.ToString() ?? string.Empty, Value: (object?)table[key])),
        null or string or ScriptBlock or FlowTask => throw ModuleErrors.NameRequired(flow.Name),
        _ => PSObject.AsPSObject(row).Properties.Select(property => (Key: property.Name, Value: (object?)property.Value)),
    };
}
