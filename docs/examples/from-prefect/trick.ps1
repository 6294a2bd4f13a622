# The step-by-step trick of Prefect 1, ported from Python, and the same flow with PrefectPS. docs/coming-from-prefect.md explains both.
param([string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "from-prefect-$PID"))

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$flow = New-Flow 'this is my first flow' {
    task task1 { 'Task 1' }
    task task2 { 'Task 2' }
    task task3 { param($one, $two) "$one and $two" } -InputFrom @{ one = 'task1'; two = 'task2' }
    task task4 { param($three) "$three, at the end" } -InputFrom @{ three = 'task3' }
}

# The trick: run one task, set the rest back to Pending, send the states on, until nothing is Pending. Each iteration could be another process.
$message = $null
do {
    $state = $message | ConvertTo-FlowState -Flow $flow
    $state = $state | Invoke-FlowStep -MaxTasks 1
    $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
    $message = $state | ConvertFrom-FlowState
    "step $($state.Step): $($state.State)"
} while ($state.HasPending)
$null = $state | Assert-FlowState
"by the trick: $($state.Tasks[3].Result)"

# The same as a recorded run: only the run's id travels, and a process that dies loses only the task it was running.
$recorded = New-Flow 'on record' -Store $Store {
    task task1 { 'Task 1' }
    task task2 { 'Task 2' }
    task task3 { param($one, $two) "$one and $two" } -InputFrom @{ one = 'task1'; two = 'task2' }
    task task4 { param($three) "$three, at the end" } -InputFrom @{ three = 'task3' }
}
do { $state = Invoke-FlowStep $recorded -RunId first -MaxTasks 1 } while ($state.HasPending)
$null = $state | Assert-FlowState
"on record: $($state.Tasks[3].Result)"
