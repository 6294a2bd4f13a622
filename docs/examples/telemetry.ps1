<#
.SYNOPSIS
    Listens to a run of three steps, each of which could be a separate process: all of them are one trace.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/telemetry.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/telemetry.ps1

    docs/telemetry.md describes how to use OpenTelemetry, and what is published.
#>
$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

# A compiled listener also receives activities of other threads.
Add-Type -TypeDefinition @'
using System;
using System.Collections.Concurrent;
using System.Diagnostics;

public sealed class FlowEars : IDisposable
{
    private readonly ActivityListener _listener;

    public FlowEars()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PrefectPS",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Heard.Enqueue(activity),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Heard { get; } = new ConcurrentQueue<Activity>();

    public void Dispose() => _listener.Dispose();
}
'@

$flow = New-Flow 'nightly' {
    task extract { 1, 2, 3 }
    task load { param($Rows) "$($Rows.Count) rows" } -InputFrom @{ Rows = 'extract' }
    task report { param($Loaded) "report of $Loaded" } -InputFrom @{ Loaded = 'load' }
}

$ears = [FlowEars]::new()
try {
    $run = $null
    do {
        $run = $run | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $run = $run | ConvertFrom-FlowState # what the next process receives
    } while (($run | ConvertTo-FlowState -Flow $flow).HasPending)
}
finally { $ears.Dispose() }

"traces: $(@($ears.Heard.TraceId | Select-Object -Unique).Count)"
foreach ($activity in $ears.Heard) {
    $of = $ears.Heard | Where-Object SpanId -EQ $activity.ParentSpanId
    "$($activity.DisplayName)$(if ($of) { ", a part of $($of.DisplayName) $($of.GetTagItem('prefectps.step'))" })"
}
