using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Commands;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Completion;

/// <summary>The runs on record that the command being typed may mean: those of the flow at hand, or of the store that it names.</summary>
internal static class RunsAtHand
{
    // Whoever presses Tab waits for a store that answers at once, and for no other.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The ids of the runs, the newest first; none where the store cannot be read, or not soon enough.</summary>
    /// <param name="command">The command being typed.</param>
    /// <param name="given">The arguments that PowerShell could bind.</param>
    public static IEnumerable<string> Ids(CommandAst command, IDictionary given)
    {
        var store = given["Store"];
        var flow = store is null ? FlowAtHand.Find(command, given) : null;
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
