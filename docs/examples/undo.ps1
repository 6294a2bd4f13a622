# A run fails halfway, is undone, and then runs again. docs/undo.md explains it.
param([string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "undo-$PID"))

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$made = [Collections.Generic.List[string]]::new()
$answers = @{ vm = $false }
$flow = New-Flow 'environment' -Store $Store {
    task network { $made.Add('network'); 'network' } -Undo { param($Result) $null = $made.Remove($Result); "removed: $Result" | Out-Host }
    task vm { $made.Add('vm'); 'vm' } -After network -Undo { param($Result) $null = $made.Remove($Result); "removed: $Result" | Out-Host }
    task check { if (-not $answers.vm) { throw 'the vm does not answer' }; 'well' } -After vm
}

$run = Invoke-FlowStep $flow -RunId one
"after step $($run.Step): $($run.State), there are: $made"

$run = $run | Undo-FlowRun -Reason 'given up'
"asked for: $($run.Message)"
$run = Invoke-FlowStep $flow -RunId one
"after step $($run.Step): $($run.State), there are: $(if ($made) { $made } else { 'none' })"

# When a task runs again, the undone tasks that it needs run again too.
$answers.vm = $true
$run = Get-FlowRun $flow -RunId one | Set-FlowTaskState -Task check -To Pending | Invoke-FlowStep
"after step $($run.Step): $($run.State), there are: $made"
