using System.Security.Cryptography;
using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Detects changes since a target was written for which its task must run again.</summary>
internal sealed class TargetChanges(RunStateView states, RunIdentity run, StepContext step)
{
    private const int HashLength = 32; // of 64 hexadecimal digits

    /// <summary>Finds the change since the target was written; null if there is none, or none is known.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or a source file is missing.</exception>
    /// <exception cref="NotKnownYetException">The answer depends on a result that does not exist yet.</exception>
    public TargetChange? Find(TaskRun task, IFlowStore store, string target)
    {
        var policy = task.Task.Rerun!;
        var changes = new List<string>();
        using var found = store.ReadAsync(target, step.Clock.CancellationToken).Wait();
        if (found is null)
            return null;
        var made = policy.IsRecorded ? new TargetRecords(store).Find(target, found, step.Clock.CancellationToken) : null;
        if (policy.OnScript && made?.Script is { } script && script != ScriptHash.Of(task.Task))
            changes.Add("its script has changed");
        if (policy.Files is { } files && ModifiedOf(store, target) is { } modified && files.FindNewer(modified) is { } newer)
            changes.Add($"source file {newer} was written");
        if (policy.OnInput && made?.Inputs is { } inputs && IsOther(task, inputs, isAsked: changes.Count == 0))
            changes.Add("its inputs have changed");
        return changes.Count == 0 ? null : new(string.Join(", and ", changes), found.Version);
    }

    /// <summary>Hashes the script and inputs before the body runs, as it may modify its inputs.</summary>
    public void Mark(TaskRun task)
    {
        if (task.Task.Rerun is not { IsRecorded: true } policy || task.Mark is not null)
            return;
        var inputs = policy.OnInput ? HashOfInputs(task) : null;
        task.Mark = new(policy.OnScript ? ScriptHash.Of(task.Task) : null, inputs);
    }

    private bool IsOther(TaskRun task, string before, bool isAsked)
    {
        try
        {
            return Hash(task) is { } now && now != before;
        }
        catch (NotKnownYetException) when (!isAsked)
        {
            return false;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            return false; // not serializable; the body reports it if it matters
        }
    }

    // An unreadable input fails the task when the body needs it.
    private string? HashOfInputs(TaskRun task)
    {
        try
        {
            return Hash(task);
        }
        catch (Exception e) when (!step.IsEnd(e))
        {
            return null;
        }
    }

    // Nothing of a secret is written, not even in a hash.
    private string? Hash(TaskRun task)
    {
        var arguments = task.ArgumentsIn(run, states);
        var policy = task.Task.Rerun!;
        var content = CanonicalValue.Of(json =>
        {
            json.WriteStartArray();
            for (var i = 0; i < arguments.Count; i++)
            {
                if ((!arguments.IsElement(i) && !policy.Inputs.Contains(arguments.NameAt(i), StringComparer.OrdinalIgnoreCase)) || arguments.HoldsSecret(i))
                    continue;
                json.WriteStringValue(arguments.NameAt(i).ToLowerInvariant());
                ValueWriter.Write(json, arguments[i].Value, task.Task.Flow.Services.Values, FileHashes.Instance, isForHash: true);
            }

            json.WriteEndArray();
        });
        using var sha = SHA256.Create();
        return HashText.Of(sha.ComputeHash(content)).Substring(0, HashLength);
    }

    private DateTimeOffset? ModifiedOf(IFlowStore store, string target)
    {
        foreach (var entry in store.ListAsync(target, step.Clock.CancellationToken).Wait())
        {
            if (entry.Path == target)
                return entry.LastModified;
        }

        return null;
    }
}
