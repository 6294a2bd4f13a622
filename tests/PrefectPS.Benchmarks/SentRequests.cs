using System.Diagnostics.Metrics;

namespace PrefectPS.Benchmarks;

/// <summary>Counts all HTTP requests of this process, including pages of listings and retries.</summary>
internal sealed class SentRequests : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public SentRequests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "System.Net.Http" && instrument.Name == "http.client.request.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    /// <summary>How many there were.</summary>
    public int Count => _count;

    public void Dispose() => _listener.Dispose();
}
