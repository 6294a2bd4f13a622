# One caller for many flows: it continues the run of each flow, or starts the one that is due. Call it every ten minutes; each flow has its own schedule.
param(
    [string] $Store = './store',
    [string] $FlowPath = "$PSScriptRoot/flows",
    [timespan] $TimeBudget = '00:08:00',
    [int] $MaxTasks = [int]::MaxValue
)

$ErrorActionPreference = 'Stop' # so that pwsh -File exits with 1
Import-Module PrefectPS

$deadline = [DateTimeOffset]::Now + $TimeBudget # for all flows together
$files = Get-ChildItem $FlowPath -Filter *.ps1
if (-not $files) { throw "There is no flow in '$FlowPath'." }
$failed = foreach ($file in $files) {
    try {
        $flow = & $file.FullName -Store $Store
        $run = Invoke-FlowStep $flow -Resume -Deadline $deadline -MaxTasks $MaxTasks
        Write-Host "$($flow.Name) $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
        $null = $run | Assert-FlowState
    }
    catch {
        if ($_.FullyQualifiedErrorId -like 'FlowStoreConflict,*') {
            Write-Host "$($file.BaseName): the call before is still at it."
            continue
        }
        Write-Error "$($file.BaseName): $_" -ErrorAction Continue
        $file.BaseName
    }
}
exit [int][bool] $failed
