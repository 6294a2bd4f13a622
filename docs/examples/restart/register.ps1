# Registers job.ps1 to run at each start of the computer: as a scheduled task on Windows, as a systemd unit elsewhere. Run it once, as administrator or root.
param(
    [string] $Store = (Join-Path $PSScriptRoot 'store'),
    [string] $Name = 'patch-this-computer',
    [string] $UnitFolder = '/etc/systemd/system',
    [switch] $Unregister
)

$ErrorActionPreference = 'Stop'
$onWindows = $PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows
if ($Store -notlike '*://*') { $Store = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Store) }
$unit = Join-Path $UnitFolder "$Name.service"

function Invoke-Systemctl([string[]] $Arguments) {
    systemctl @Arguments
    if ($LASTEXITCODE) { throw "systemctl $Arguments ended with $LASTEXITCODE" }
}

if ($Unregister -and $onWindows) { Unregister-ScheduledTask -TaskName $Name -Confirm:$false }
elseif ($Unregister) {
    Invoke-Systemctl disable, "$Name.service"
    Remove-Item -LiteralPath $unit
    Invoke-Systemctl daemon-reload
}
elseif ($onWindows) {
    $shell = (Get-Process -Id $PID).Path
    $action = New-ScheduledTaskAction -Execute $shell -Argument "-NoProfile -NonInteractive -File `"$PSScriptRoot\job.ps1`" -Store `"$Store`" -AtStart" -WorkingDirectory $PSScriptRoot
    $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable -ExecutionTimeLimit ([timespan]::Zero)
    $null = Register-ScheduledTask -TaskName $Name -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -Settings $settings -User 'NT AUTHORITY\SYSTEM' -RunLevel Highest -Force
}
else {
    (Get-Content -LiteralPath "$PSScriptRoot/job.service" -Raw).Replace('FOLDER', $PSScriptRoot).Replace('STORE', $Store) | Set-Content -LiteralPath $unit -NoNewline
    Invoke-Systemctl daemon-reload
    Invoke-Systemctl enable, "$Name.service"
}
