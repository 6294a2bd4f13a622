# One step in a workflow. The outputs of the step say whether the run can continue immediately.
# Without a run id, as from the workflow's schedule, it continues a run that is due, and does not start one.
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

# -Wait: wait here for retries that are due within the budget, instead of starting job after job.
$run = Invoke-FlowStep $flow -RunId $RunId -TimeBudget $TimeBudget -MaxTasks $MaxTasks -Wait
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$isDue = $run.HasPending -and -not ($run.NextStartTime -gt [DateTimeOffset]::UtcNow)
if ($env:GITHUB_OUTPUT) { Add-Content -Path $env:GITHUB_OUTPUT -Value "pending=$("$isDue".ToLower())" }
if ($run.HasPending -and -not $isDue) { "::notice::Nothing is due before $($run.NextStartTime.ToString('u')). The workflow's schedule goes on with run $RunId then." }
$null = $run | Assert-FlowState
