# One execution of a scheduled job: goes on with the unfinished run, or begins one. Call it again and again.
param(
    [string] $Store = './flows',
    [timespan] $TimeBudget = '00:08:00',
    [int] $MaxTasks = [int]::MaxValue
)

$ErrorActionPreference = 'Stop' # pwsh -File exits with 1 then
Import-Module PrefectPS

$flow = New-Flow 'scheduled' -Store $Store {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' } -MaxRetries 3 -RetryDelay 00:05:00
    task report { param($loaded) "loaded: $loaded" } -InputFrom @{ loaded = 'load' }
}

$run = Invoke-FlowStep $flow -Resume -TimeBudget $TimeBudget -MaxTasks $MaxTasks
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$null = $run | Assert-FlowState
