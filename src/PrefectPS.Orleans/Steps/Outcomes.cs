using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Reads the outcomes of bodies as they arrive, and acknowledges them once they are on record.</summary>
/// <param name="connection">The connection to the cluster.</param>
/// <param name="log">Receives diagnostics, from any thread.</param>
internal sealed class Outcomes(ClusterConnection connection, Action<string> log)
{
    private readonly object _gate = new();
    private readonly List<(RemoteBody Body, long At)> _known = [];

    /// <summary>Ends a body with its worker's update.</summary>
    public void End(RemoteBody body, BodyUpdate update)
    {
        var end = update.End!.Value;
        if (end is BodyEnd.Stopped or BodyEnd.Evicted || update is { Content: null, Location: null })
        {
            body.End(end is BodyEnd.Evicted ? BodyEnd.Stopped : end, content: null);
            return;
        }

        var payload = new Payload(update.Content, update.Location);
        body.OutcomeLocation = payload.Location;
        if (payload.Content is not null)
        {
            Open(body, end, payload);
            return;
        }

        _ = Task.Run(() => Open(body, end, payload)); // reading the store may take long
    }

    /// <summary>The step has taken over the outcome of a body.</summary>
    public void NoteKnown(RemoteBody body)
    {
        lock (_gate)
            _known.Add((body, Environment.TickCount64));
    }

    /// <summary>Acknowledges outcomes that the step has known for at least <paramref name="age"/>.</summary>
    /// <param name="age">The least age.</param>
    public async Task AcknowledgeAsync(TimeSpan age)
    {
        var known = Forget(Environment.TickCount64 - (long)age.TotalMilliseconds);
        await Task.WhenAll(known.GroupBy(body => body.Link).Where(group => group.Key is not null)
            .Select(group => connection.TryAsync(router => router.Acknowledge(group.Key!.Silo, [.. group.Select(body => body.DispatchId!)]))));
        foreach (var body in known)
            body.DeletePayloads();
    }

    private RemoteBody[] Forget(long until)
    {
        lock (_gate)
        {
            RemoteBody[] known = [.. _known.Where(each => each.At <= until).Select(each => each.Body)];
            if (known.Length > 0)
                _known.RemoveAll(each => each.At <= until);
            return known;
        }
    }

    private void Open(RemoteBody body, BodyEnd end, Payload payload)
    {
        try
        {
            body.End(end, body.Packer.Open(payload));
        }
        catch (FlowException e) when (e.Id != FlowErrorId.StoreFailed)
        {
            body.Fail(e);
        }
        catch (Exception e)
        {
            log($"The outcome of '{body.Item.Label}' cannot be read, and its worker keeps it for the next step: {e.Message}");
            body.End(BodyEnd.Stopped, content: null);
        }
    }
}
