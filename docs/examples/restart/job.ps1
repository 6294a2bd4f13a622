# A job that restarts its computer and continues afterwards. Start it by hand; at each start of the computer, the registration of register.ps1 calls it with -AtStart.
param([string] $Store = (Join-Path $PSScriptRoot 'store'), [switch] $AtStart)

$ErrorActionPreference = 'Stop' # so that pwsh -File exits with 1
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

# At startup, only an unfinished run continues. A new run would restart the computer again, and so on forever.
if ($AtStart -and -not (Get-FlowRun $flow | Where-Object { -not $_.IsFinished })) { return 'nothing to go on with' }

$run = Invoke-Flow $flow -Resume # if a task requests it, the computer restarts in this call
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$null = $run | Assert-FlowState
