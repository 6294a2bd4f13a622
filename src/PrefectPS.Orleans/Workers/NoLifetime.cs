using Microsoft.Extensions.Hosting;

namespace PrefectPS.Orleans.Workers;

/// <summary>The host lives as long as we say: it takes no signals of its own.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
