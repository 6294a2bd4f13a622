using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The mocks of <c>Invoke-Flow -Mock</c>: tasks, by name or path, and the script blocks that replace their bodies.</summary>
internal sealed class MockParameter
{
    private readonly Dictionary<string, ScriptBlock> _blocks = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: a mock is not a script block.</exception>
    public MockParameter(IDictionary given)
    {
        foreach (DictionaryEntry each in given)
            _blocks[$"{each.Key}"] = PowerShellValues.Instance.Unwrap(each.Value) as ScriptBlock ?? throw ModuleErrors.MockIsNoBlock($"{each.Key}", each.Value);
    }

    /// <summary>The mock of a task; null for none.</summary>
    /// <param name="path">The path of its flow: the enclosing subflow tasks, each followed by a slash.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: the block has a mandatory parameter that nothing provides.</exception>
    public FlowMock? Find(string path, FlowTask task) => Find(path, task, task.Slug) ?? (task.Name == task.Slug ? null : Find(path, task, task.Name));

    /// <summary>Checks that each mock matches a task.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/>.</exception>
    public void DemandUsed(Flow flow)
    {
        if (_blocks.Keys.FirstOrDefault(key => !_used.Contains(key)) is { } unknown)
            throw ModuleErrors.MockedTaskNotFound(flow, unknown);
    }

    private FlowMock? Find(string path, FlowTask task, string name)
    {
        if (!_blocks.TryGetValue(path + name, out var block))
            return null;
        _used.Add(path + name);
        string[] given = [.. task.Given];
        var parameters = new BlockParameters(block);
        string[] wanted = [.. task.Flow.Parameters.Except(given, StringComparer.OrdinalIgnoreCase).Where(parameters.Has)];
        return new(new ScriptBlockBody(task.Name, block, given: [], offered: [.. given, .. wanted], ScriptSettings.Of(task.Flow)), wanted);
    }
}
