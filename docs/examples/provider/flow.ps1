# Takes one step of a run whose record, results and messages are in one SQLite file. Call it again until it writes nothing.
param([string] $Database = "$PSScriptRoot/flows.db")

$ErrorActionPreference = 'Stop'
Import-Module SqliteFlow

$channel = New-SqliteFlowChannel $Database
$flow = New-Flow 'orders' -Store (New-SqliteFlowStore $Database) {
    task fetch { 40, 2 }
    task total { param($orders) ($orders | Measure-Object -Sum).Sum } -InputFrom @{ orders = 'fetch' }
    task report { param($total) "the orders come to $total" } -InputFrom @{ total = 'total' }
}

# The first call starts the run. Each later call receives the message of the previous one.
if (-not (Get-FlowRun $flow)) { ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel }

Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -MaxTasks 1 -ResetCancelled | Publish-FlowMessage -Channel $channel -PassThru | ForEach-Object {
    "step $($_.Step): $($_.State)"
    $_.Tasks[-1].Result
}
