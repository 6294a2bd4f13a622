using Microsoft.Extensions.Logging;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Workers;

/// <summary>Forwards Orleans' warnings to the diagnostics.</summary>
internal sealed class HostLogger(Action<string> log) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            log($"Orleans: {formatter(state, exception)}{(exception is null ? string.Empty : $" {ClusterErrors.Innermost(exception)}")}");
    }

    public void Dispose()
    {
    }
}
