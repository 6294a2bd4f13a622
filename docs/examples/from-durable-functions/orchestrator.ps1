# A Durable Functions orchestrator with chaining, fan-out and fan-in, as a flow. docs/coming-from-durable-functions.md explains it.
param([string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "from-durable-$PID"))

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

# $batch = Invoke-DurableActivity GetBatch
# $parts = foreach ($item in $batch) { Invoke-DurableActivity Work -Input $item -NoWait }; $done = Wait-DurableTask -Task $parts
# Invoke-DurableActivity Report -Input $done
$flow = New-Flow 'batch' -Store $Store {
    task batch { 1..4 }
    task work { param($item) $item * $item } -Map @{ item = 'batch' } -MaxRetries 3 -RetryDelay 5 -RetryBackoff Exponential
    task report { param($done) "sum: $(($done | Measure-Object -Sum).Sum)" } -InputFrom @{ done = 'work' }
}

# No replay: each step continues where the last one ended, and finished activities do not run again.
do { $run = Invoke-FlowStep $flow -RunId instance-1 -MaxTasks 3 } while ($run.HasPending)
$run = $run | Assert-FlowState
"$($run.State) after $($run.Step) steps. $($run.Tasks[2].Result)"
