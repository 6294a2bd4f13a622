using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Tasks;

/// <summary>What bodies in other runspaces see of the session: their <c>$using:</c> variables. Also finds variables that they seem to rely on but cannot see.</summary>
/// <param name="caller">The cmdlet that runs the step.</param>
/// <param name="session">Its session.</param>
internal sealed class BodyVariables(PSCmdlet caller, StepSession session)
{
    private readonly HashSet<ITaskBody> _known = [];

    /// <summary>The variables that a body sees, by their names in the body.</summary>
    /// <exception cref="TaskFailedException">A <c>$using:</c> variable is not set.</exception>
    public IEnumerable<KeyValuePair<string, object?>> VariablesOf(ScriptBlockBody body)
    {
        var block = body.Portable;
        var usings = block.ReadUsings((string name, out object? value) => TryFind(body, name, out value));
        return block.IsClosure ? usings.Concat(ClosureOf(block)) : usings;
    }

    /// <summary>The caller's variables that a body reads without <c>$using:</c>; only at the first call.</summary>
    public IReadOnlyList<string> SuspectsOf(ScriptBlockBody body) =>
        !_known.Add(body) || body.Portable.IsClosure ? [] : [.. body.Portable.Reads.Where(name => TryFind(body, name, out _))];

    /// <summary>A failure with a hint: "not recognized" is confusing if the function is in the same script.</summary>
    public TaskFailedException Explain(ScriptBlockBody body, TaskFailedException failed) =>
        failed.Error.Exception is CommandNotFoundException { CommandName: { Length: > 0 } name } && CallerHas(body, name)
            ? new(failed.Error with { Message = $"{failed.Error.Message} {ModuleTexts.CallerFunctionNotSeen(name)}" }, failed.InnerException)
            : failed;

    // A closure contains its variables.
    private IEnumerable<KeyValuePair<string, object?>> ClosureOf(PortableBlock block) =>
        from name in block.Reads
        let own = block.Block.Module!.SessionState.PSVariable.Get(name)
        where own is not null && own != caller.SessionState.PSVariable.Get($"global:{name}")
        select new KeyValuePair<string, object?>(name, own.Value);

    private bool TryFind(ScriptBlockBody body, string name, out object? value) => body.Block.Module is { } module
        ? CallerVariables.TryFind(module.SessionState, name, out value)
        : session.TryFind(name, body.Definition, out value);

    private bool CallerHas(ScriptBlockBody body, string name)
    {
        var state = body.Block.Module?.SessionState ?? caller.SessionState;
        var path = WildcardPattern.Escape(name);
        return body.Definition?.Functions.ContainsKey(name) == true
            || state.InvokeProvider.Item.Exists($"Function:{path}") || state.InvokeProvider.Item.Exists($"Alias:{path}");
    }
}
