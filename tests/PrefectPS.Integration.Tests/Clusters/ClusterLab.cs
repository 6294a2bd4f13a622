using System.Globalization;
using System.Text;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A cluster of real processes on this machine: workers and steps, each a PowerShell that has the same script.</summary>
internal sealed class ClusterLab : IAsyncDisposable
{
    private const string Joined = "has joined the cluster";

    private static readonly CompositeFormat Script = CompositeFormat.Parse("""
        param($Role, $Cluster, $Folder, $More)
        $ErrorActionPreference = 'Stop'
        Import-Module '{0}'
        $Store = Join-Path $Folder store
        # Each process has a file of its own, so that no line is lost.
        function global:Add-Mark([string] $Mark) {{ [IO.File]::AppendAllText("$Folder/marks/$PID.txt", "$Mark`n") }}
        $env:LAB_MARKS = "$Folder/marks"
        {1}
        if ($Role -eq 'worker') {{ $options = @{{}}; if ($More) {{ $options = ConvertFrom-Json $More -AsHashtable }}; Start-FlowWorker $flow $Cluster -Verbose @options; 'ended' }}
        else {{ {2} }}
        """);

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
    }

    public string Address { get; }

    /// <summary>PowerShell that makes <c>$flow</c>; a worker that is started from now on has this.</summary>
    public string Flow { get; set; }

    public string Folder => _folder.Path;

    /// <summary>What bodies have noted, in whatever process.</summary>
    public string[] Marks => [.. Directory.GetFiles(_folder["marks"]).SelectMany(File.ReadAllLines)];

    /// <summary>Starts a worker, and waits until it has joined.</summary>
    /// <param name="options">Options of Start-FlowWorker, as JSON.</param>
    public async Task<LabProcess> StartWorkerAsync(string options = """{ "ThrottleLimit": 2 }""")
    {
        var worker = Start("worker", step: string.Empty, options);
        await worker.WaitForAsync(Joined);
        return worker;
    }

    /// <summary>Starts a process that takes a step, or more.</summary>
    /// <param name="step">PowerShell that has <c>$flow</c> and <c>$Cluster</c>.</param>
    public LabProcess StartStep(string step) => Start("step", step, string.Empty);

    /// <summary>Takes a step in a process of its own.</summary>
    /// <returns>What it has written.</returns>
    public async Task<string> RunStepAsync(string step) => await StartStep(step).EndAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _folder.Dispose();
    }

    private LabProcess Start(string role, string step, string more)
    {
        var text = string.Format(CultureInfo.InvariantCulture, Script, Repository.PathOf("PrefectPS.psd1"), Flow, step);
        var script = _folder.Write($"script{++_scripts}.ps1", text);
        var process = LabProcess.Start(script, [role, Address, _folder.Path, more]);
        _processes.Add(process);
        return process;
    }
}
