<#
.SYNOPSIS
    Runs a flow of eight tasks three times: all at once, step by step, and with the trick that this project started from.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/first-flow.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/first-flow.ps1

    Results are written below -Folder; the default is a temporary folder that is deleted at the end.
#>
param(
    [string] $Folder
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$ownFolder = -not $Folder
if ($ownFolder) { $Folder = Join-Path ([IO.Path]::GetTempPath()) "first-flow-$(New-Guid)" }

# Each task records that it ran, so that the script can check how often.
$ran = [System.Collections.Generic.List[string]]::new()

function New-FirstFlow([string] $Store, [scriptblock[]] $StateHandler = @()) {
    $flow = New-Flow 'this is my first flow' -Store $Store -Target '{flow_name}/{date:yyyy-MM-dd}/{task_name}.txt' -StateHandler $StateHandler
    Add-FlowTask $flow task1 { $ran.Add('task1'); 'Task 1' }
    Add-FlowTask $flow task2 { $ran.Add('task2'); 'Task 2' }
    Add-FlowTask $flow task3 { $ran.Add('task3'); 'Task 3' } -After task1, task2
    Add-FlowTask $flow task4 { $ran.Add('task4'); Write-Host 'Task 4' } -After task3
    Add-FlowTask $flow task5 { $ran.Add('task5'); Write-Host 'Task 5' } -After task4
    Add-FlowTask $flow task6 { $ran.Add('task6'); Write-Host 'Task 6' } -After task4
    Add-FlowTask $flow task7 { $ran.Add('task7'); Write-Host 'Task 7' } -After task2, task6
    Add-FlowTask $flow task8 { $ran.Add('task8'); Write-Host 'Task 8' } -After task2, task3
    $flow
}

function Assert-RanOnce([string] $How) {
    $expected = 'task1 task2 task3 task4 task5 task6 task7 task8'
    if ("$ran" -ne $expected) { throw "$How`: the tasks that ran were '$ran', not '$expected'." }
    Write-Host "$How`: every task ran exactly once." -ForegroundColor Green
    $ran.Clear()
}

try {
    # 1. All at once, in this process.
    '--- The whole flow at once'
    $state = Invoke-Flow (New-FirstFlow "$Folder/whole")
    $state.Tasks
    Assert-RanOnce 'At once'

    # 2. Step by step, one task per step. Between two steps, only a file exists; each step could be another process.
    '--- One task a step, through a JSON file'
    $flow = New-FirstFlow "$Folder/steps"
    $file = "$Folder/state.json"
    do {
        $message = if (Test-Path -Path $file) { Get-Content -Path $file -Raw }
        $state = $message | ConvertTo-FlowState -Flow $flow
        $state = $state | Invoke-FlowStep -MaxTasks 1
        "Step $($state.Step)"
        $state.Tasks
        $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        $state | ConvertFrom-FlowState | Set-Content -Path $file
    } while ($state.HasPending)
    Assert-RanOnce "In $($state.Step) steps"

    # 3. The original trick: a state handler counts finished tasks and, when there are enough, ends every other task
    #    as Cancelled. Then Cancelled is set back to Pending, and the states are sent on as an array.
    '--- The original trick: a state handler that raises EndRun'
    $tasksPerStep = 2
    $endRun = {
        param($Task, $Old, $New)
        if ($script:finished -ge $tasksPerStep) {
            Send-FlowSignal -EndRun -State Cancelled -Message 'Flow run is cancelled'
        }
        if ($New.IsFinished) { $script:finished++ }
    }
    $flow = New-FirstFlow "$Folder/trick" -StateHandler $endRun
    $message = $null
    $steps = 0
    do {
        $script:finished = 0
        $steps++
        $state = $message | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $taskStates = $state.Tasks | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        "Step $steps"
        $taskStates
        $message = $taskStates | ConvertTo-FlowState | ConvertFrom-FlowState -AsPrefect
    } while (@($taskStates | Where-Object State -EQ Pending).Count -gt 0)
    Assert-RanOnce "By the trick, in $steps steps"
}
finally {
    if ($ownFolder) { Remove-Item -Path $Folder -Recurse -ErrorAction Ignore }
}
