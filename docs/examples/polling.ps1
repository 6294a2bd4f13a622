<#
.SYNOPSIS
    A flow that waits for a file: it polls across steps, without a process in between.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/polling.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/polling.ps1

    Each step represents a separate process, such as one that a schedule starts. Instead of minutes, this example waits for fractions of a second.
#>
param(
    [timespan] $PollInterval = '00:00:00.2',
    [timespan] $Delay = '00:00:00.1'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }
$file = Join-Path ([IO.Path]::GetTempPath()) "arrivals-$(New-Guid).csv"

# The body checks for the file; -Until ends the polls when it exists, or after six hours. The file is read a little later, when its writer is done.
$flow = New-Flow 'arrivals' {
    task arrive { Get-Item $file -ErrorAction Ignore } -Until { $_ } -PollInterval $PollInterval -WaitTimeout 06:00:00
    task load { param($File) "loaded: $(@(Import-Csv $File).Count) rows" } -InputFrom @{ File = 'arrive' } -Delay $Delay
}

$run = $null
do {
    # Between two steps, only this document exists.
    $run = $run | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    "step $($run.Step): $($run.Tasks[0].State), $($run.Tasks[1].State)"
    if ($run.Step -eq 2) { 'id', 1, 2 | Set-Content $file }
    if ($run.NextStartTime) { Start-Sleep -Milliseconds ([math]::Max(1, ($run.NextStartTime - [DateTimeOffset]::UtcNow).TotalMilliseconds + 20)) }
    $pending = $run.HasPending
    $run = $run | ConvertFrom-FlowState
} while ($pending)

$run | ConvertTo-FlowState -Flow $flow | Get-FlowResult -Task load
Remove-Item $file
