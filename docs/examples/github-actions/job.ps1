# One step in a workflow. Says in the step's outputs whether the run is to be gone on with at once.
param([Parameter(Mandatory)][string] $Store, [Parameter(Mandatory)][string] $RunId, [timespan] $TimeBudget = '05:00:00', [int] $MaxTasks = [int]::MaxValue)

$ErrorActionPreference = 'Stop'
Import-Module PrefectPS

$flow = New-Flow 'actions' -Store $Store {
    task build { 'built' }
    task test { param($b) "$b, tested" } -InputFrom @{ b = 'build' }
    task publish { param($t) "$t, published" } -InputFrom @{ t = 'test' }
}

# -Wait: a retry that is due within the budget is waited for here, not by starting job after job.
$run = Invoke-FlowStep $flow -RunId $RunId -TimeBudget $TimeBudget -MaxTasks $MaxTasks -Wait
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$isDue = $run.HasPending -and -not ($run.NextStartTime -gt [DateTimeOffset]::UtcNow)
if ($env:GITHUB_OUTPUT) { Add-Content -Path $env:GITHUB_OUTPUT -Value "pending=$("$isDue".ToLower())" }
if ($run.HasPending -and -not $isDue) { "::notice::Nothing is due before $($run.NextStartTime.ToString('u')). Start the workflow again then, with run = $RunId." }
$null = $run | Assert-FlowState
