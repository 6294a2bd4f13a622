using Microsoft.Extensions.Hosting;

namespace PrefectPS.Orleans.Workers;

/// <summary>A host lifetime that ignores process signals; the worker ends its host itself.</summary>
internal sealed class NullHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
