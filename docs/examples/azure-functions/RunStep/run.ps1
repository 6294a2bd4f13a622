# Runs one step of the run in the queue message, and sends the run on. The message is completed if the function ends without an error.
# Settings: FLOW_STORE (azblob://account/container), FLOW_CHANNEL (azqueue://account/flow-steps), AZURE_STORAGE_CONNECTION_STRING or a managed identity.
param($QueueItem, $TriggerMetadata)

$ErrorActionPreference = 'Stop'
Import-Module PrefectPS

foreach ($name in 'FLOW_STORE', 'FLOW_CHANNEL') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "The setting $name is missing; README.md has what it says." }
}

$flow = New-Flow 'queued' -Store $env:FLOW_STORE {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' }
    task report { param($loaded) "loaded: $loaded" } -InputFrom @{ loaded = 'load' }
}

$state = $QueueItem | ConvertTo-FlowState -Flow $flow
$stored = Get-FlowRun $flow | Where-Object RunId -eq $state.RunId
if ($stored.Step -gt $state.Step + 1 -or ($stored.Step -gt $state.Step -and $TriggerMetadata.DequeueCount -le 1)) {
    Write-Host 'The message is late: the run is further on.'
    return
}

$budget = @{ TimeBudget = '00:08:00' }
if ($env:FLOW_MAX_TASKS) { $budget.MaxTasks = [int] $env:FLOW_MAX_TASKS }
# By its id, so that tasks that a dead step has recorded do not run again.
$state = if ($stored) { Invoke-FlowStep $flow -RunId $state.RunId @budget } else { $state | Invoke-FlowStep -ResetCancelled @budget }
$state | Publish-FlowMessage -Channel $env:FLOW_CHANNEL
Write-Host "run $($state.RunId), step $($state.Step): $($state.State). $($state.Message)"
# A run that failed fails this invocation, too, so that the platform shows it: once, as the message then comes again, finds the run over, and is done.
if ($TriggerMetadata.DequeueCount -le 1) { $null = $state | Assert-FlowState }
