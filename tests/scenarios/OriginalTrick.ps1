# The original step-by-step trick, ported word for word, and the same run with PrefectPS's own means: the same steps and states.

$log = [Collections.Generic.List[string]]::new()
$counter = @{ Finished = 0; Limit = [int]::MaxValue }

# The original's state handler: counts finished tasks and, from the limit on, ends every change as Cancelled.
$countFinished = {
    param($task, $old, $new)
    if ($counter.Finished -ge $counter.Limit) { Send-FlowSignal -EndRun -State Cancelled 'Flow run is cancelled' }
    if ($new.IsFinished) { $counter.Finished++ }
}

function New-EightTasks([scriptblock[]] $Handler = @()) {
    New-Flow 'this is my first flow' -StateHandler $Handler {
        task task1 { $log.Add('task1') }
        task task2 { $log.Add('task2') }
        task task3 { $log.Add('task3') } -After task1, task2
        task task4 { $log.Add('task4') } -After task3
        task task5 { $log.Add('task5') } -After task4
        task task6 { $log.Add('task6') } -After task4
        task task7 { $log.Add('task7') } -After task2, task6
        task task8 { $log.Add('task8') } -After task2, task3
    }
}

$names = 1..8 | ForEach-Object { "task$_" }

function Assert-Step($Run, [int] $Done, [string] $Rest, [string] $RestMessage) {
    Assert-Equal @(1..8 | ForEach-Object { if ($_ -le $Done) { 'Success' } else { $Rest } }) $Run.Tasks.State -Because "after $Done tasks"
    Assert-Equal @(1..8 | ForEach-Object { if ($_ -le $Done) { 'Task run succeeded.' } else { $RestMessage } }) $Run.Tasks.Message -Because "after $Done tasks"
}

function Invoke-Trick([int] $Limit, [int] $Steps) {
    $flow = New-EightTasks $countFinished
    $counter.Limit = $Limit
    $message = ''
    $step = 0
    do {
        $step++
        $counter.Finished = 0
        $state = $message | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $done = [Math]::Min($step * $Limit, 8)
        Assert-Step $state $done Cancelled 'Flow run is cancelled'
        $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        Assert-Step $state $done Pending 'Mocked pending'
        $message = $state | ConvertFrom-FlowState -AsPrefect
    } while (@($state.Tasks | Where-Object State -eq Pending).Count -gt 0)

    Assert-Equal $Steps $step
    Assert-Equal $names $log
    Assert-Equal 'Success' $state.State
}

function Invoke-Budget([int] $Limit, [int] $Steps) {
    $flow = New-EightTasks
    $state = '' | ConvertTo-FlowState -Flow $flow
    for ($step = 1; $state.HasPending; $step++) {
        $state = $state | Invoke-FlowStep -MaxTasks $Limit
        Assert-Step $state ([Math]::Min($step * $Limit, 8)) Cancelled 'Flow run is cancelled'
        $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        $state = $state | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    }

    Assert-Equal $Steps $state.Step
    Assert-Equal $names $log
    Assert-Equal 'Success' $state.State
}

Scenario 'the trick with one task a step takes 8 steps' { Invoke-Trick 1 8 }

Scenario 'the trick with two tasks a step takes 4 steps' { Invoke-Trick 2 4 }

Scenario 'the trick with three tasks a step takes 3 steps' { Invoke-Trick 3 3 }

Scenario 'a budget of one task takes the same 8 steps' { Invoke-Budget 1 8 }

Scenario 'a budget of two tasks takes the same 4 steps' { Invoke-Budget 2 4 }

Scenario 'a budget of three tasks takes the same 3 steps' { Invoke-Budget 3 3 }

Scenario 'the whole run takes one step' {
    Assert-Equal 'Success' (New-EightTasks | Invoke-Flow).State
    Assert-Equal $names $log
}

Scenario 'the handler sees what the original saw in its first step of one task' {
    $seen = [Collections.Generic.List[string]]::new()
    $counter.Limit = 1
    $null = New-EightTasks { param($task, $old, $new) $seen.Add("$($old.State) $($new.State)") }, $countFinished | Invoke-FlowStep
    Assert-Equal @('Pending Running', 'Running Success', 'Pending Running') @($seen[0..2])
    Assert-Equal 6 @($seen | Where-Object { $_ -eq 'Pending TriggerFailed' }).Count
    Assert-Equal 9 $seen.Count
}
