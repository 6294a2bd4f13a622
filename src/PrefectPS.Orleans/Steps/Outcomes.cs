using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>What came of bodies in workers: it is read as it arrives, and a worker need not keep it once it is on record.</summary>
/// <param name="contact">The way to the workers.</param>
/// <param name="tell">Takes what is of interest to who looks for a fault; called from any thread.</param>
internal sealed class Outcomes(ClusterContact contact, Action<string> tell)
{
    private readonly object _gate = new();
    private readonly List<(RemoteBody Body, long At)> _known = [];

    /// <summary>Ends a body as its worker says.</summary>
    public void End(RemoteBody body, Told told)
    {
        var end = told.End!.Value;
        if (end is BodyEnd.Stopped or BodyEnd.GivenBack || told is { Content: null, Location: null })
        {
            body.End(end is BodyEnd.GivenBack ? BodyEnd.Stopped : end, content: null);
            return;
        }

        var parcel = new Parcel(told.Content, told.Location);
        body.OutcomeLocation = parcel.Location;
        if (parcel.Content is not null)
        {
            Open(body, end, parcel);
            return;
        }

        _ = Task.Run(() => Open(body, end, parcel)); // the store may take its time
    }

    /// <summary>What came of a body is the step's own now.</summary>
    public void NoteKnown(RemoteBody body)
    {
        lock (_gate)
            _known.Add((body, Environment.TickCount64));
    }

    /// <summary>Says to the workers that outcomes which the step has known for a time are on record.</summary>
    /// <param name="age">The time.</param>
    public async Task AcknowledgeAsync(TimeSpan age)
    {
        var known = Forget(Environment.TickCount64 - (long)age.TotalMilliseconds);
        await Task.WhenAll(known.GroupBy(body => body.Link).Where(group => group.Key is not null)
            .Select(group => contact.TryAsync(gate => gate.Acknowledge(group.Key!.Silo, [.. group.Select(body => body.Delivery!)]))));
        foreach (var body in known)
            body.DeleteParcels();
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

    private void Open(RemoteBody body, BodyEnd end, Parcel parcel)
    {
        try
        {
            body.End(end, body.Parcels.Open(parcel));
        }
        catch (FlowException e) when (e.Id != FlowErrorId.StoreFailed)
        {
            body.Fail(e);
        }
        catch (Exception e)
        {
            tell($"The outcome of '{body.Item.Label}' cannot be read, and its worker keeps it for the next step: {e.Message}");
            body.End(BodyEnd.Stopped, content: null);
        }
    }
}
