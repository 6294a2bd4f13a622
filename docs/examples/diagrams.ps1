<#
.SYNOPSIS
    Draws the flows that README.md and docs/diagrams.md show.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/diagrams.ps1 -Folder docs/pictures
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/diagrams.ps1 -Folder ./docs/pictures

    The pictures are written to -Folder; the default is a temporary folder that is deleted at the end. They are the same each time, because
    the run is read from a state document.
#>
param(
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$ownFolder = -not $Folder
if ($ownFolder) { $Folder = Join-Path ([IO.Path]::GetTempPath()) "diagrams-$(New-Guid)" }
$null = New-Item -Path $Folder -ItemType Directory -Force

$first = New-Flow 'this is my first flow' {
    task task1 { 'Task 1' }
    task task2 { 'Task 2' }
    task task3 { 'Task 3' } -After task1, task2
    task task4 { 'Task 4' } -After task3
    task task5 { 'Task 5' } -After task4
    task task6 { 'Task 6' } -After task4
    task task7 { 'Task 7' } -After task2, task6
    task task8 { 'Task 8' } -After task2, task3
}

# A flow with everything that a diagram can show: named inputs, a mapped task, a subflow.
$load = New-Flow 'load' -Parameter @{ rows = $null } {
    task stage { param($rows) $rows }
    task 'check keys' { 'checked' } -After stage
    task 'check sums' { 'checked' } -After stage
    task merge { 'merged' } -After 'check keys', 'check sums'
}
$nightly = New-Flow 'Nightly import' {
    task 'list files' { 'orders', 'stock', 'prices' }
    task rates { @{ USD = 1.09 } }
    task read { param($file, $rates) "$file rows" } -Map @{ file = 'list files' } -InputFrom @{ rates = 'rates' }
    task join { param($parts) $parts } -InputFrom @{ parts = 'read' }
    task load -Subflow $load -InputFrom @{ rows = 'join' }
    task 'tell the shops' { 'told' } -After load
    task archive { 'kept' } -After join
    task invoices { 'none are due' } -When { $false }
    task report { 'done' } -After 'tell the shops', archive, invoices -Trigger AllFinished -SkipOnUpstreamSkip $false
}

# A failed run, as a state document.
$document = @'
{ "version": 1,
  "flow": { "name": "Nightly import" },
  "run": { "id": "20261124T020000000-0a1b2c3d", "step": 2, "started": "2026-11-24T02:00:00Z" },
  "tasks": [
    { "task": { "slug": "list files" }, "state": { "type": "Success", "message": "Task run succeeded." }, "time": [12, 840] },
    { "task": { "slug": "rates" }, "state": { "type": "Cached", "message": "Used cached task state." } },
    { "task": { "slug": "read" }, "state": { "type": "Mapped", "message": "Ready to proceed with mapping.", "n_map_states": 3 }, "children": [
      { "state": { "type": "Success", "message": "Task run succeeded." }, "time": [900, 61000] },
      { "state": { "type": "Success", "message": "Task run succeeded." }, "time": [61900, 2500] },
      { "state": { "type": "Success", "message": "Task run succeeded.", "context": { "task_run_count": 2 } }, "time": [64400, 8300] } ] },
    { "task": { "slug": "join" }, "state": { "type": "Success", "message": "Task run succeeded." }, "time": [72700, 310] },
    { "task": { "slug": "load" }, "state": { "type": "Failed", "message": "Subflow 'load' failed: task 'check sums': 3 sums differ" }, "time": [73010, 195000],
      "subflow": { "flow": { "name": "load" }, "run": { "id": "20261124T020000000-0a1b2c3d.load", "step": 1, "started": "2026-11-24T02:01:13Z" }, "tasks": [
        { "task": { "slug": "stage" }, "state": { "type": "Success", "message": "Task run succeeded." }, "time": [10, 120000] },
        { "task": { "slug": "check keys" }, "state": { "type": "Success", "message": "Task run succeeded." }, "time": [120010, 42000] },
        { "task": { "slug": "check sums" }, "state": { "type": "Failed", "message": "Error during execution of task: 3 sums differ" }, "time": [162010, 32990] },
        { "task": { "slug": "merge" }, "state": { "type": "TriggerFailed", "message": "Trigger was \"all_successful\" but some of the upstream tasks failed." } } ] } },
    { "task": { "slug": "tell the shops" }, "state": { "type": "TriggerFailed", "message": "Trigger was \"all_successful\" but some of the upstream tasks failed." } },
    { "task": { "slug": "archive" }, "state": { "type": "Retrying", "message": "Retrying Task (after attempt 1 of 3)", "start_time": "2026-11-24T02:10:00Z" } },
    { "task": { "slug": "invoices" }, "state": { "type": "Skipped", "message": "Condition did not hold." } },
    { "task": { "slug": "report" }, "state": { "type": "Pending" } } ] }
'@
$run = $document | ConvertTo-FlowState -Flow $nightly

$first | Export-FlowDiagram
$first | Export-FlowDiagram -Path "$Folder/first-flow.svg"
$nightly | Export-FlowDiagram -Path "$Folder/nightly.svg" -Horizontal
$run | Export-FlowDiagram -Path "$Folder/nightly-run.svg"
$run | Show-Flow

if ($ownFolder) { Remove-Item -Path $Folder -Recurse }
