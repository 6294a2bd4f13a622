using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Commands;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Completion;

/// <summary>Finds the recorded runs for the command being typed: those of its flow or store.</summary>
internal static class CommandRuns
{
    // Tab completion must not wait for a slow store.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The run ids, the newest first; empty if the store cannot be read in time.</summary>
    /// <param name="command">The command being typed.</param>
    /// <param name="given">The arguments that PowerShell could bind.</param>
    public static IEnumerable<string> Ids(CommandAst command, IDictionary given)
    {
        var store = given["Store"];
        var flow = store is null ? CommandFlow.Find(command, given) : null;
        var name = flow?.Name ?? (given["FlowName"] as string is { } text && !WildcardPattern.ContainsWildcardCharacters(text) ? text : null);
        try
        {
            return (store is null ? flow?.Store : StoreResolver.Resolve(store, SessionVariable.Session)) is { } found ? Read(found, name) : [];
        }
        catch (FlowException)
        {
            return [];
        }
    }

    private static List<string> Read(IFlowStore store, string? flow)
    {
        var reading = Task.Run(() => new RunIndex(new(store)).AllRuns(flow, _ => { }).Select(run => run.RunId).ToList());
        try
        {
            return reading.Wait(Patience) ? reading.Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }
}
