using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A run on record as who opens it would find it, requests in its inbox included. Nobody is kept from working on it, and nothing is written.</summary>
/// <param name="Stored">The run as it is on record.</param>
/// <param name="Requests">What is requested of it, and still to be applied.</param>
internal sealed record RunPreview(StoredRun Stored, IReadOnlyList<ControlRequest> Requests)
{
    /// <summary>Looks for a run; null if none.</summary>
    /// <exception cref="FlowException">As of <see cref="StoredRun.Find"/>.</exception>
    public static RunPreview? Find(RunFiles files, RunFolder folder, Flow flow)
    {
        while (ExistingRun.Find(files, folder, flow.Services.Values) is { } living)
        {
            if (StoredRun.TryRead(files, living, flow) is not { } stored)
                continue;
            var inbox = new Inbox(files, living.Folder, flow.Services.Values);
            return new(stored, [.. inbox.Read(stored.Run.Identity.Control, onRecord: RunControl.None).Select(each => each.Request)]);
        }

        return null;
    }

    /// <summary>The run once what is requested of it is applied, as by who opens it.</summary>
    /// <param name="run">The run, as it is on record or as a step goes on with it.</param>
    public FlowState Apply(FlowState run)
    {
        if (Requests.Count == 0)
            return run;
        var states = new RunStates(run);
        foreach (var request in Requests)
            RequestApplication.Apply(states, request);
        return states.ToState(run.Identity);
    }

    /// <summary>The run as a step would open it.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="open">What a step makes of what is on record.</param>
    public static OpenedRun Open(RunFiles files, RunFolder folder, Flow flow, Func<StoredRun?, OpenedRun> open)
    {
        var seen = Find(files, folder, flow);
        var opened = open(seen?.Stored);
        return seen is null ? opened with { IsNew = true } : opened with { Run = seen.Apply(opened.Run), Warnings = seen.Stored.Warnings };
    }
}
