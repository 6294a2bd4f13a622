<#
.SYNOPSIS
    Runs a flow on three workers of this machine. One of them is killed, and all results are complete in the end.
.DESCRIPTION
    Right after a clone:                        dotnet run --project src/PrefectPS.Host -- docs/examples/cluster/run.ps1
    In PowerShell 7.4 or later, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/cluster/run.ps1

    Results are written below -Store; the default is a temporary folder that is deleted at the end.
#>
param([string] $Cluster = 'localhost', [string] $Store)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }
$module = Join-Path (Get-Module PrefectPS).ModuleBase PrefectPS.psd1

$ownStore = -not $Store
if ($ownStore) { $Store = Join-Path ([IO.Path]::GetTempPath()) "cluster-$(New-Guid)" }
$Begun = (New-Item -ItemType Directory -Path (Join-Path $Store begun)).FullName

# The PowerShell that runs this script; if it is a dotnet tool, dotnet runs it.
$program = [Environment]::ProcessPath
$start = @(if ((Split-Path $program -LeafBase) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
$start += '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/worker.ps1", $Cluster, $Store, 2, $module

# Get-FlowWorker itself waits up to ten seconds for the first worker.
function Wait-Worker([Diagnostics.Process] $Process) {
    Start-Sleep -Seconds 2 # PowerShell takes this long to start
    do {
        if ($Process.HasExited) { throw "A worker has ended with exit code $($Process.ExitCode)." }
        try { $there = (Get-FlowWorker $Cluster).ProcessId } catch { Write-Verbose "$_" }
    } until ($Process.Id -in $there)
}

$workers = @()
try {
    # One after the other, because the others join the first.
    foreach ($i in 1..3) {
        $workers += [Diagnostics.Process]::Start($program, [string[]] $start)
        Wait-Worker $workers[-1]
    }
    Get-FlowWorker $Cluster | Out-Host

    # While the flow runs, a separate runspace kills the third worker as soon as it has started a task, like a power failure.
    $accident = [powershell]::Create().AddScript({
        param($id, $folder)
        while (-not (Get-ChildItem $folder -Filter "*-$id")) { Start-Sleep -Milliseconds 100 }
        Stop-Process -Id $id -Force
    }).AddArgument($workers[2].Id).AddArgument($Begun)
    $null = $accident.BeginInvoke()

    $flow = & "$PSScriptRoot/flow.ps1" -Store $Store -Begun $Begun
    $run = Invoke-Flow $flow -Cluster $Cluster

    "The third worker was killed: $($workers[2].HasExited)"
    $pictures = ($run | Get-FlowTask draw).Result
    "The run is $($run.State): $(($run | Get-FlowTask album).Result), $(@($pictures | Sort-Object -Unique).Count) of them different"
    $twice = Get-ChildItem $Begun | Group-Object { ($_.Name -split '-')[0] } | Where-Object Count -GT 1
    "Begun twice, as the worker died: $(@($twice).Count)"
}
finally {
    $workers | Where-Object { -not $_.HasExited } | Stop-Process -Force
    $workers | ForEach-Object { $_.WaitForExit() }
    if ($ownStore) { Remove-Item $Store -Recurse -Force -ErrorAction Ignore }
}
