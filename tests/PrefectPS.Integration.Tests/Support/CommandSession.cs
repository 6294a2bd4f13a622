namespace PrefectPS.Integration.Tests.Support;

/// <summary>One <c>prefectps</c> that runs the commands of a whole test class, so that a case costs no start of a process.</summary>
public sealed class CommandSession : IAsyncLifetime
{
    private const string End = "---- end of the command ----";

    /// <summary>Runs each line of standard input; errors and warnings become lines of output.</summary>
    private const string Script =
        $$"""
        begin {
            function Show($Item) {
                if ($Item -is [System.Management.Automation.ErrorRecord]) { "ERROR: $Item" }
                elseif ($Item -is [System.Management.Automation.WarningRecord]) { "WARNING: $Item" }
                else { "$Item" }
            }
        }
        process {
            try { & ([scriptblock]::Create($_)) *>&1 | ForEach-Object { Show $_ } } catch { Show $_ }
            '{{End}}'
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private HostProcess? _host;

    public ValueTask InitializeAsync()
    {
        _host = HostProcess.Start([_folder.Write("session.ps1", Script)]);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a command of one line.</summary>
    /// <returns>The lines it put out; an error is a line that starts with <c>ERROR: </c>.</returns>
    public async Task<string[]> RunAsync(string command)
    {
        await _host!.WriteAsync(command + "\n");
        var lines = new List<string>();
        while (await _host.ReadLineAsync() is { } line && line is not End)
            lines.Add(line);
        return [.. lines];
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _folder.Dispose();
    }
}
