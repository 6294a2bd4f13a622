# A Windows PowerShell workflow with parallel work and a checkpoint after each activity, as a flow. docs/coming-from-powershell-workflow.md explains it.
param([string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "from-workflow-$PID"))

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

# workflow Update-Farm { $servers = ...; foreach -parallel ($s in $servers) { ...; Checkpoint-Workflow }; Suspend-Workflow; ... }
$flow = New-Flow 'update the farm' -Store $Store {
    task servers { 'web1', 'web2', 'web3' }
    task update { param($server) "$server updated" } -Map @{ server = 'servers' }
    task approve { param($done) "$($done.Count) servers approved" } -InputFrom @{ done = 'update' } -Trigger ManualOnly
    task announce { param($text) "announced: $text" } -InputFrom @{ text = 'approve' }
}

# Each process runs a step. Each finished task is recorded before the next one starts, so no explicit checkpoints are needed.
do { $run = Invoke-FlowStep $flow -RunId farm -MaxTasks 2 -ThrottleLimit 2 } while ($run.HasPending)
"after step $($run.Step): $($run.State)"

# The run waits without a process, like a suspended workflow, and continues after the approval.
$run = $run | Set-FlowTaskState -Task approve -To Resume | Invoke-FlowStep | Assert-FlowState
"after step $($run.Step): $($run.State). $($run.Tasks[3].Result)"
