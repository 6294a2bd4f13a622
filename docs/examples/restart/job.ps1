# A job that restarts its computer in the middle, and goes on after that. Start it by hand; at each start of the computer, what register.ps1 has registered calls it with -AtStart.
param([string] $Store = (Join-Path $PSScriptRoot 'store'), [switch] $AtStart)

$ErrorActionPreference = 'Stop' # pwsh -File exits with 1 then
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$flow = New-Flow 'patch this computer' -Store $Store {
    task download { 'two updates' }
    task install {
        param($updates)
        "installing $updates" | Out-Host
        Send-FlowSignal -RestartComputer 'installed' -Result "$updates installed"
    } -InputFrom @{ updates = 'download' }
    task check { param($installed) "after the restart: $installed" } -InputFrom @{ installed = 'install' }
}

# At a start only a run that is not finished goes on. None is begun there: that one would restart the computer again, and so on for ever.
if ($AtStart -and -not (Get-FlowRun $flow | Where-Object { -not $_.IsFinished })) { return 'nothing to go on with' }

$run = Invoke-Flow $flow -Resume # where a task asks for it, the computer restarts in here
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$null = $run | Assert-FlowState
