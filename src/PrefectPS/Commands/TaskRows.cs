using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Adds tasks that are rows: hashtables, or objects, with the names of Add-FlowTask's parameters and their values.</summary>
/// <remarks>A row means what a call of Add-FlowTask with the same values would, and costs a part of that: there is no command to look up and no pipeline to build.</remarks>
/// <param name="flow">To this flow.</param>
/// <param name="session">The session that defines it.</param>
/// <param name="warn">Takes warnings.</param>
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

    /// <summary>Adds a task that is piped, as PowerShell binds objects: what is given otherwise wins, and a property without a parameter is left out.</summary>
    /// <exception cref="FlowException">It is wrong, or no object with properties.</exception>
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
            // A row of a table has a value, or none, in each column: none is as where it is not given.
            else if (value is not null && !ReferenceEquals(value, AutomationNull.Value))
                fault = parameter.Bind(task, value, flow.Name, _engine) ?? fault;
            saysCheckpoint |= parameter?.Name == nameof(AddFlowTaskCommand.NoCheckpoint);
        }

        if (task.Name.Length == 0)
            fault ??= ModuleErrors.NameRequired(flow.Name);
        if (fault is not null)
            throw fault; // by now its name is known
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
