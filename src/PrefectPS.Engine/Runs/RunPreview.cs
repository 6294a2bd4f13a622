using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A recorded run as a step would find it, with pending requests applied, but without a lease and without writing.</summary>
/// <param name="Stored">The recorded run.</param>
/// <param name="Requests">The pending requests.</param>
internal sealed record RunPreview(StoredRun Stored, IReadOnlyList<ControlRequest> Requests)
{
    /// <summary>Finds a run; null if none.</summary>
    /// <exception cref="FlowException">As for <see cref="StoredRun.Find"/>.</exception>
    public static RunPreview? Find(RunFiles files, RunFolder folder, Flow flow)
    {
        while (ExistingRun.Find(files, folder, flow.Services.Values) is { } existing)
        {
            if (StoredRun.TryRead(files, existing, flow) is not { } stored)
                continue;
            var inbox = new Inbox(files, existing.Folder, flow.Services.Values);
            return new(stored, [.. inbox.Read(stored.Run.Identity.Control, onRecord: RunControl.None).Select(each => each.Request)]);
        }

        return null;
    }

    /// <summary>Applies the pending requests to the run.</summary>
    /// <param name="run">The recorded run, or the run a step continues with.</param>
    public FlowState Apply(FlowState run)
    {
        if (Requests.Count == 0)
            return run;
        var states = new RunStates(run);
        foreach (var request in Requests)
            RequestApplication.Apply(states, request);
        return states.ToState(run.Identity);
    }

    /// <summary>Previews the run as a step would open it.</summary>
    /// <param name="files">The store.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="open">Turns the recorded run into the run to continue with.</param>
    public static OpenedRun Open(RunFiles files, RunFolder folder, Flow flow, Func<StoredRun?, OpenedRun> open)
    {
        var seen = Find(files, folder, flow);
        var opened = open(seen?.Stored);
        return seen is null ? opened with { IsNew = true } : opened with { Run = seen.Apply(opened.Run), Warnings = seen.Stored.Warnings };
    }
}
