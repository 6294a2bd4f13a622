# One step in a workflow. Says in the step's outputs whether the run is to be gone on with at once.
# Without a run's id, as from the workflow's schedule, it goes on with a run that is due and waits for that, and begins none.
param([Parameter(Mandatory)][string] $Store, [string] $RunId, [timespan] $TimeBudget = '05:00:00', [int] $MaxTasks = [int]::MaxValue,
    [timespan] $IdleFor = '00:05:00')

$ErrorActionPreference = 'Stop'
Import-Module PrefectPS

$flow = New-Flow 'actions' -Store $Store {
    task build { 'built' }
    task test { param($b) "$b, tested" } -InputFrom @{ b = 'build' }
    task publish { param($t) "$t, published" } -InputFrom @{ t = 'test' }
}

if (-not $RunId) {
    $RunId = (Get-FlowRun $flow -Overdue -IdleFor $IdleFor | Select-Object -First 1).RunId
    if (-not $RunId) { return 'No run is due.' }
    if ($env:GITHUB_OUTPUT) { Add-Content -Path $env:GITHUB_OUTPUT -Value "run=$RunId" }
}

# -Wait: a retry that is due within the budget is waited for here, not by starting job after job.
$run = Invoke-FlowStep $flow -RunId $RunId -TimeBudget $TimeBudget -MaxTasks $MaxTasks -Wait
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$isDue = $run.HasPending -and -not ($run.NextStartTime -gt [DateTimeOffset]::UtcNow)
if ($env:GITHUB_OUTPUT) { Add-Content -Path $env:GITHUB_OUTPUT -Value "pending=$("$isDue".ToLower())" }
if ($run.HasPending -and -not $isDue) { "::notice::Nothing is due before $($run.NextStartTime.ToString('u')). The workflow's schedule goes on with run $RunId then." }
$null = $run | Assert-FlowState
