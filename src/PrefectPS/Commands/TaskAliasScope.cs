using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>
/// Makes <c>task</c> mean Add-FlowTask while a definition block runs: other modules and scripts define an alias or function of that name, whose calls
/// would add no tasks.
/// </summary>
internal sealed class TaskAliasScope : IDisposable
{
    private const string Task = "task";

    private readonly CommandInvocationIntrinsics _commands;
    private readonly EventHandler<CommandLookupEventArgs>? _outer;
    private CmdletInfo? _addFlowTask;

    /// <param name="session">The session of the block.</param>
    public TaskAliasScope(SessionState session)
    {
        _commands = session.InvokeCommand;
        _outer = _commands.PreCommandLookupAction;
        _commands.PreCommandLookupAction = Find;
    }

    /// <inheritdoc/>
    public void Dispose() => _commands.PreCommandLookupAction = _outer;

    private void Find(object? sender, CommandLookupEventArgs lookup)
    {
        if (lookup.CommandName.Equals(Task, StringComparison.OrdinalIgnoreCase))
        {
            lookup.Command = _addFlowTask ??= new("Add-FlowTask", typeof(AddFlowTaskCommand));
            lookup.StopSearch = true;
        }
        else
        {
            _outer?.Invoke(sender, lookup);
        }
    }
}
