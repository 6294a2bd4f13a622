<#
.SYNOPSIS
    A flow that waits for a file: it polls over steps, and keeps no process meanwhile.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/polling.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/polling.ps1

    Each step stands for a process of its own, such as one that a schedule starts; in place of minutes this one waits for parts of a second.
#>
param(
    [timespan] $PollInterval = '00:00:00.2',
    [timespan] $Delay = '00:00:00.1'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }
$file = Join-Path ([IO.Path]::GetTempPath()) "arrivals-$(New-Guid).csv"

# The body says what there is, and -Until when that will do: once it has arrived, or not within six hours. It is read a little later, when whoever writes it is done.
$flow = New-Flow 'arrivals' {
    task arrive { Get-Item $file -ErrorAction Ignore } -Until { $_ } -PollInterval $PollInterval -WaitTimeout 06:00:00
    task load { param($File) "loaded: $(@(Import-Csv $File).Count) rows" } -InputFrom @{ File = 'arrive' } -Delay $Delay
}

$run = $null
do {
    # What the last step left is all that there is between two of them.
    $run = $run | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    "step $($run.Step): $($run.Tasks[0].State), $($run.Tasks[1].State)"
    if ($run.Step -eq 2) { 'id', 1, 2 | Set-Content $file }
    if ($run.NextStartTime) { Start-Sleep -Milliseconds ([math]::Max(1, ($run.NextStartTime - [DateTimeOffset]::UtcNow).TotalMilliseconds + 20)) }
    $pending = $run.HasPending
    $run = $run | ConvertFrom-FlowState
} while ($pending)

$run | ConvertTo-FlowState -Flow $flow | Get-FlowResult -Task load
Remove-Item $file
