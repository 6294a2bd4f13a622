# A runbook that chains itself: takes one step of the run, and starts itself again by its webhook while something is left to do.
param([object] $WebhookData)

$ErrorActionPreference = 'Stop'
Import-Module PrefectPS
# In Automation these are variables of the account: Get-AutomationVariable.
$store, $webhook = $env:FLOW_STORE, $env:FLOW_WEBHOOK

$flow = New-Flow 'chained' -Store $store {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' }
    task report { param($loaded) "loaded: $loaded" } -InputFrom @{ loaded = 'load' }
}

# Automation stops a job after three hours, its fair share; with 150 minutes a step ends well before.
$budget = @{ TimeBudget = '02:30:00'; ResetCancelled = $true }
if ($env:FLOW_MAX_TASKS) { $budget.MaxTasks = [int] $env:FLOW_MAX_TASKS }
$state = $WebhookData.RequestBody | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep @budget
$state | Publish-FlowMessage -Channel $webhook
"step $($state.Step): $($state.State)"
