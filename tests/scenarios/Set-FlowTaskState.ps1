$flow = New-Flow trio {
    task one { 1 }
    task two { 2 } -After one
    task three { 3 } -After two -Slug third
}

Scenario 'on a run, the states asked for change and the rest stay' {
    $run = Invoke-FlowStep $flow -MaxTasks 1 | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
    Assert-Equal @('Success', 'Pending', 'Pending') $run.Tasks.State
    Assert-Equal @('Task run succeeded.', 'Mocked pending', 'Mocked pending') $run.Tasks.Message
    Assert-Equal $true $run.HasPending
}

Scenario 'on a stream of task states, each comes out, changed or not, to be gathered again' {
    $before = Invoke-FlowStep $flow -MaxTasks 1
    $after = $before.Tasks | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending' | ConvertTo-FlowState
    Assert-Equal @('Success', 'Pending', 'Pending') $after.Tasks.State
    Assert-Equal $before.RunId $after.RunId
    Assert-Equal 'Success' ($after | Invoke-FlowStep).State
}

Scenario 'tasks are chosen by name, slug or wildcard' {
    $run = ConvertTo-FlowState $flow
    Assert-Equal @('Pending', 'Cancelled', 'Pending') ($run | Set-FlowTaskState -Task two -To Cancelled).Tasks.State
    Assert-Equal @('Pending', 'Pending', 'Cancelled') ($run | Set-FlowTaskState -Task THIRD -To Cancelled).Tasks.State
    Assert-Equal @('Pending', 'Cancelled', 'Cancelled') ($run | Set-FlowTaskState -Task t* -To Cancelled).Tasks.State
}

Scenario 'several states may be changed at once' {
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal @('Pending', 'Pending', 'Pending') ($run | Set-FlowTaskState -From Success, Cancelled -To Pending).Tasks.State
}

Scenario 'the given run is left as it was' {
    $run = ConvertTo-FlowState $flow
    $null = $run | Set-FlowTaskState -To Cancelled
    Assert-Equal @('Pending', 'Pending', 'Pending') $run.Tasks.State
}

Scenario 'a change of nothing returns the run itself' {
    $run = ConvertTo-FlowState $flow
    Assert-True ([object]::ReferenceEquals($run, ($run | Set-FlowTaskState -From Failed -To Pending))) 'it is the same object'
}

Scenario 'a task set to Success with a result is not run, and its result is used' {
    $sum = New-Flow sum { task a { throw 'not run' }; task b { param($n) $n + 1 } -InputFrom @{ n = 'a' } }
    $run = ConvertTo-FlowState $sum | Set-FlowTaskState -Task a -To Success -Result 41 | Invoke-FlowStep
    Assert-Equal 'Success' $run.State
    Assert-Equal 42 $run.Tasks[1].Result
}

Scenario 'a finished task set to another finished state keeps its result' {
    $run = Invoke-Flow $flow | Set-FlowTaskState -Task one -To Skipped
    Assert-Equal 1 $run.Tasks[0].Result
}

Scenario 'a mapped task set to another finished state keeps its children''s results, as an array' {
    $map = New-Flow map {
        task list { 1, 2, 3 }
        task each { param($x) if ($x -eq 2) { throw 'bad' }; "result$x" } -Map @{ x = 'list' }
        task all { param($x) "$($x.Count): $x" } -InputFrom @{ x = 'each' }
    }
    $run = Invoke-Flow $map | Set-FlowTaskState -Task each -To Success | Set-FlowTaskState -Task all -To Pending | ConvertFrom-FlowState
    $run = $run | ConvertTo-FlowState -Flow $map | Invoke-FlowStep
    Assert-Equal @('Success', 'Success', 'Success') $run.Tasks.State
    Assert-Equal '3: result1  result3' $run.Tasks[2].Result
}

Scenario 'the results of a mapped task that are secrets stay so' {
    $map = New-Flow map { task list { 1, 2 }; task each { param($x) "result$x" } -Map @{ x = 'list' } -Sensitive }
    $run = Invoke-Flow $map | Set-FlowTaskState -Task each -To Success
    Assert-Equal @('result1', 'result2') $run.Tasks[1].Result
    Assert-True (($run | ConvertFrom-FlowState) -notlike '*result*1*result2*') 'the document does not hold them'
}

Scenario 'a finished task set to Pending loses its result and runs again' {
    $log = [Collections.Generic.List[int]]::new()
    $once = New-Flow once { task a { $log.Add($FlowContext.RunCount); 'done' } }
    $run = Invoke-Flow $once | Set-FlowTaskState -To Pending
    Assert-Equal $null $run.Tasks[0].Result
    $run = $run | Invoke-FlowStep
    Assert-Equal 'done' $run.Tasks[0].Result
    Assert-Equal @(1, 1) $log
}

Scenario 'a start time makes a task wait, and the run says until when' {
    $due = [datetimeoffset]::new(2100, 1, 1, 12, 0, 0, [timespan]::FromHours(2))
    $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Scheduled -StartTime $due
    Assert-Equal 'Scheduled' $run.State
    Assert-Equal $due.ToUniversalTime() $run.NextStartTime
    Assert-Equal 'Scheduled' ($run | Invoke-FlowStep).Tasks[0].State
}

Scenario 'a start time that has come lets the task run' {
    $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Scheduled -StartTime ([datetimeoffset]::UtcNow.AddMinutes(-1)) | Invoke-FlowStep
    Assert-Equal 'Success' $run.State
}

Scenario 'a start time is for scheduled states' {
    $null = Assert-Error FlowTaskInvalid { ConvertTo-FlowState $flow | Set-FlowTaskState -To Success -StartTime ([datetimeoffset]::UtcNow) } -Like '*-StartTime*Success*'
}

Scenario 'a paused task waits for a person, and goes on when resumed' {
    $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Paused
    Assert-Equal 'Paused' $run.State
    Assert-Equal $false $run.HasPending
    Assert-Equal 'Paused' ($run | Invoke-FlowStep).Tasks[0].State
    Assert-Equal 'Success' ($run | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep).State
}

Scenario 'an unknown task is an error that names it' {
    $null = Assert-Error FlowTaskNotFound { ConvertTo-FlowState $flow | Set-FlowTaskState -Task nowhere -To Success } -Like "*no task 'nowhere'*"
}

Scenario 'an unknown state is an error that names those there are' {
    $null = Assert-Error CannotConvertArgumentNoMessage { ConvertTo-FlowState $flow | Set-FlowTaskState -To Done } -Like '*Pending*Success*'
}
