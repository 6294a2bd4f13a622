# One step in a workflow. Says in the step's outputs whether the run is to be gone on with.
param([Parameter(Mandatory)][string] $Store, [Parameter(Mandatory)][string] $RunId, [timespan] $TimeBudget = '05:00:00', [int] $MaxTasks = [int]::MaxValue)
Import-Module PrefectPS

$flow = New-Flow 'actions' -Store $Store {
    task build { 'built' }
    task test { param($b) "$b, tested" } -InputFrom @{ b = 'build' }
    task publish { param($t) "$t, published" } -InputFrom @{ t = 'test' }
}

$run = Invoke-FlowStep $flow -RunId $RunId -TimeBudget $TimeBudget -MaxTasks $MaxTasks
"step $($run.Step): $($run.State)"
if ($env:GITHUB_OUTPUT) { Add-Content -Path $env:GITHUB_OUTPUT -Value "pending=$("$($run.HasPending)".ToLower())" }
if ($run.State -eq 'Failed') { exit 1 }
