using System.Globalization;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A cluster of real processes on this machine: workers and steps, each a PowerShell that has the same script.</summary>
internal sealed class ClusterLab : IAsyncDisposable
{
    private const string Joined = "has joined the cluster";

    private readonly TemporaryFolder _folder = new();
    private readonly List<LabProcess> _processes = [];
    private int _scripts;

    /// <param name="address">The cluster's address; null for one on this machine without a server.</param>
    /// <param name="flow">PowerShell that makes <c>$flow</c>; it has <c>$Store</c>, and in bodies <c>$env:LAB_MARKS</c>.</param>
    public ClusterLab(string? address, string flow)
    {
        Address = address ?? $"localhost:{FreePorts.FindLasting().ToString(CultureInfo.InvariantCulture)}";
        Flow = flow;
        Directory.CreateDirectory(_folder["marks"]);
        Directory.CreateDirectory(_folder["bodies"]);
    }

    /// <summary>PowerShell of a body with number <c>$n</c>, recorded in <see cref="Bodies"/>.</summary>
    public static string Noted(string what) => $"""
        $note = "$env:LAB_BODIES/$n.$PID.$([guid]::NewGuid().ToString('n'))"
        [IO.File]::WriteAllText($note, '')
        {what}
        [IO.File]::WriteAllText($note, 'ended')
        """;

    public string Address { get; }

    /// <summary>PowerShell that makes <c>$flow</c>; a worker that is started from now on has this.</summary>
    public string Flow { get; set; }

    public string Folder => _folder.Path;

    /// <summary>Parameters of New-FlowCluster, for processes that are started from now on; empty for the address alone.</summary>
    public string ClusterOptions { get; init; } = string.Empty;

    /// <summary>The notes of bodies in all processes.</summary>
    public string[] Marks => [.. Directory.GetFiles(_folder["marks"]).SelectMany(File.ReadAllLines)];

    /// <summary>The bodies started in all processes.</summary>
    public LabBody[] Bodies => [.. Directory.GetFiles(_folder["bodies"]).Select(LabBody.Read)];

    /// <summary>Starts a worker, and waits until it has joined.</summary>
    /// <param name="options">Options of Start-FlowWorker, as JSON.</param>
    /// <param name="node">Where it runs; null for beside this process.</param>
    public async Task<LabProcess> StartWorkerAsync(string options = """{ "ThrottleLimit": 2 }""", NetworkNode? node = null)
    {
        var worker = Start("worker", step: string.Empty, options, node);
        await worker.WaitForAsync(Joined);
        return worker;
    }

    /// <summary>Starts a process that takes a step, or more.</summary>
    /// <param name="step">PowerShell that has <c>$flow</c>, <c>$Cluster</c> and <c>Get-Outcomes</c>, which counts what is on record of the children of task "each".</param>
    /// <param name="node">Where it runs; null for beside this process.</param>
    public LabProcess StartStep(string step, NetworkNode? node = null) => Start("step", step, string.Empty, node);

    /// <summary>Takes a step in a process of its own.</summary>
    /// <returns>What it has written.</returns>
    public async Task<string> RunStepAsync(string step) => await StartStep(step).EndAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _folder.Dispose();
    }

    private LabProcess Start(string role, string step, string more, NetworkNode? node)
    {
        var text = $$"""
            param($Role, $Cluster, $Folder, $More)
            $ErrorActionPreference = 'Stop'
            Import-Module '{{Repository.PathOf("PrefectPS.psd1")}}'
            $Store = Join-Path $Folder store
            # Each process has files of its own there, so that no line is lost.
            $env:LAB_MARKS = "$Folder/marks"
            $env:LAB_BODIES = "$Folder/bodies"
            function Get-Outcomes($Flow) {
                $outcomes = @(Get-FlowHistory $Flow | Where-Object { $_.Task.StartsWith('each[') -and $_.To -ne 'Running' })
                "$($outcomes.Count) outcomes of $(@($outcomes.Task | Sort-Object -Unique).Count) bodies on record"
            }
            {{(ClusterOptions.Length > 0 ? $"$Cluster = New-FlowCluster $Cluster {ClusterOptions}" : string.Empty)}}
            {{Flow}}
            if ($Role -eq 'worker') { $options = @{}; if ($More) { $options = ConvertFrom-Json $More -AsHashtable }; Start-FlowWorker $flow $Cluster -Verbose @options; 'ended' }
            else { {{step}} }
            """;
        var script = _folder.Write($"script{++_scripts}.ps1", text);
        var process = LabProcess.Start(script, [role, Address, _folder.Path, more], node);
        _processes.Add(process);
        return process;
    }
}
