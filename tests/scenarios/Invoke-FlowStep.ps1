function New-Chain([int] $Length) {
    New-Flow chain {
        task t1 { $log.Add($FlowContext.TaskName) }
        for ($i = 2; $i -le $Length; $i++) { task "t$i" { $log.Add($FlowContext.TaskName) } -After "t$($i - 1)" }
    }
}

$log = [Collections.Generic.List[string]]::new()

Scenario 'a step starts as many tasks as it may, and cancels the rest' {
    $run = New-Chain 4 | Invoke-FlowStep -MaxTasks 2
    Assert-Equal @('t1', 't2') $log
    Assert-Equal @('Success', 'Success', 'Cancelled', 'Cancelled') $run.Tasks.State
    Assert-Equal 'Flow run is cancelled' $run.Tasks[2].Message
    Assert-Equal 'Cancelled' $run.State
    Assert-Equal '2 of 4 tasks cancelled.' $run.Message
    Assert-Equal $false $run.HasPending
}

Scenario 'a new run begins at step 1 and counts on' {
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
    Assert-Equal 1 $run.Step
    $next = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    Assert-Equal 2 $next.Step
    Assert-Equal $run.RunId $next.RunId
}

Scenario 'the run is given down the pipeline, by name or first' {
    $flow = New-Chain 3
    $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
    $run = Invoke-FlowStep $run -MaxTasks 1 -ResetCancelled
    $run = Invoke-FlowStep -State $run -MaxTasks 1 -ResetCancelled
    Assert-Equal 'Success' $run.State
    Assert-Equal @('t1', 't2', 't3') $log
}

Scenario 'with ResetCancelled what was not started is Pending again' {
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    Assert-Equal @('Success', 'Pending', 'Pending') $run.Tasks.State
    Assert-Equal 'Pending' $run.State
    Assert-Equal '2 of 3 tasks still to run.' $run.Message
    Assert-Equal $true $run.HasPending
}

Scenario 'with ResetCancelled a cancelled run goes on at once' {
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
    $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    Assert-Equal @('Success', 'Success', 'Pending') $run.Tasks.State
}

Scenario 'without ResetCancelled a cancelled run has nothing to do and comes back as it was' {
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
    Assert-True ([object]::ReferenceEquals($run, ($run | Invoke-FlowStep))) 'it is the same object'
}

Scenario 'a finished run comes back as it was' {
    $run = New-Chain 2 | Invoke-Flow
    Assert-True ([object]::ReferenceEquals($run, ($run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled))) 'it is the same object'
    Assert-Equal @('t1', 't2') $log
}

Scenario 'a step with nothing but future work comes back as it was' {
    $tomorrow = [datetimeoffset]::UtcNow.AddDays(1)
    $run = ConvertTo-FlowState (New-Chain 2) | Set-FlowTaskState -To Retrying -Task t1 -StartTime $tomorrow
    Assert-Equal 'Scheduled' $run.State
    $after = $run | Invoke-FlowStep | Invoke-FlowStep
    Assert-True ([object]::ReferenceEquals($run, $after)) 'it is the same object'
    Assert-Equal 0 $log.Count
}

Scenario 'a budget that is larger than the work cancels nothing' {
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 3
    Assert-Equal 'Success' $run.State
    $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1000
    Assert-Equal 'Success' $run.State
}

Scenario 'without a budget a step runs to the end' {
    Assert-Equal 'Success' (New-Chain 5 | Invoke-FlowStep).State
}

Scenario 'trigger failures cost no budget and are settled in the same step' {
    $run = New-Flow branch {
        task bad { throw 'no' }
        task after-bad { } -After bad
        task after-that { } -After after-bad
        task good { }
    } | Invoke-FlowStep -MaxTasks 2
    Assert-Equal @('Failed', 'TriggerFailed', 'TriggerFailed', 'Success') $run.Tasks.State
}

Scenario 'skips cost no budget and are settled in the same step' {
    $run = New-Flow branch {
        task skip { Send-FlowSignal -Skip }
        task after-skip { } -After skip
        task good { }
    } | Invoke-FlowStep -MaxTasks 2
    Assert-Equal @('Skipped', 'Skipped', 'Success') $run.Tasks.State
}

Scenario 'what needs no body is settled even when the budget is used up' {
    $run = New-Flow branch {
        task bad { throw 'no' }
        task waiting { }
        task after-bad { } -After bad
    } | Invoke-FlowStep -MaxTasks 1
    Assert-Equal @('Failed', 'Cancelled', 'TriggerFailed') $run.Tasks.State
}

Scenario 'at the end of its time no task is started' {
    $run = New-Chain 2 | Invoke-FlowStep -TimeBudget ([timespan]::FromTicks(1))
    Assert-Equal 0 $log.Count
    Assert-Equal @('Cancelled', 'Cancelled') $run.Tasks.State
}

Scenario 'a task that is expected to take longer than the time left is not started' {
    $run = New-Flow tight {
        task short { } -ExpectedDuration 1
        task long { } -ExpectedDuration 01:00:00
        task independent { } -ExpectedDuration 1
    } | Invoke-FlowStep -TimeBudget 00:30:00 -WarningAction SilentlyContinue
    Assert-Equal @('Success', 'Cancelled', 'Success') $run.Tasks.State
}

Scenario 'a task that no such step could ever start is warned of' {
    $warnings = $null
    $null = New-Flow never { task long { } -ExpectedDuration 01:00:00; task short { } } |
        Invoke-FlowStep -TimeBudget 1800 -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal 1 @($warnings).Count
    Assert-Like "Task 'long'*01:00:00*00:30:00*" "$($warnings[0])"
}

Scenario 'a task that is longer than the time to the deadline is warned of, one of a subflow among them' {
    $warnings = $null
    $inner = New-Flow inner { task long { } -ExpectedDuration 01:00:00; task short { } }
    $run = New-Flow never { task part -Subflow $inner } |
        Invoke-FlowStep -Deadline ([datetimeoffset]::Now.AddMinutes(30)) -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal @('Pending', 'Success') $run.Tasks[0].Subflow.Tasks.State
    Assert-Equal 1 @($warnings).Count
    Assert-Like "Task 'part/long'*01:00:00*until*" "$($warnings[0])"
}

Scenario 'a time budget may be a number of seconds' {
    $run = New-Flow timed { task left { $FlowContext.RemainingTime } } | Invoke-FlowStep -TimeBudget 480
    Assert-True ($run.Tasks[0].Result -le [timespan]::FromMinutes(8) -and $run.Tasks[0].Result -gt [timespan]::FromMinutes(7)) 'nearly all of it is left'
}

Scenario 'without a time budget there is no remaining time' {
    Assert-Equal $null (New-Flow untimed { task left { $FlowContext.RemainingTime } } | Invoke-FlowStep).Tasks[0].Result
}

Scenario 'both budgets hold at once' {
    $run = New-Chain 3 | Invoke-FlowStep -TimeBudget 01:00:00 -MaxTasks 1
    Assert-Equal @('t1') $log
    Assert-Equal @('Success', 'Cancelled', 'Cancelled') $run.Tasks.State
}

Scenario 'budgets are more than nothing' {
    $null = Assert-Error ParameterArgumentValidationError { New-Chain 1 | Invoke-FlowStep -MaxTasks 0 }
    $null = Assert-Error ParameterArgumentValidationError { New-Chain 1 | Invoke-FlowStep -TimeBudget 0 } -Like '*not more than zero*'
    Assert-Equal 0 $log.Count
}

Scenario 'the given run is left as it was' {
    $before = ConvertTo-FlowState (New-Chain 2)
    $null = $before | Invoke-FlowStep
    Assert-Equal @('Pending', 'Pending') $before.Tasks.State
    Assert-Equal 0 $before.Step
}

Scenario 'several runs come down the pipeline one by one' {
    $flow = New-Chain 1
    $runs = @($flow, $flow | Invoke-FlowStep)
    Assert-Equal @('Success', 'Success') $runs.State
    Assert-Equal @('t1', 't1') $log
}

Scenario 'with WhatIf nothing runs and nothing changes' {
    $run = ConvertTo-FlowState (New-Chain 2)
    Assert-True ([object]::ReferenceEquals($run, ($run | Invoke-FlowStep -WhatIf))) 'it is the same object'
    Assert-Equal 0 $log.Count
}

Scenario 'no task runs twice whatever the budget of each step' {
    $run = ConvertTo-FlowState (New-Chain 10)
    $steps = 0
    foreach ($budget in 3, 1, 4, 1, 5) {
        if (-not $run.HasPending) { break }
        $run = $run | Invoke-FlowStep -MaxTasks $budget -ResetCancelled
        $steps++
    }
    Assert-Equal 'Success' $run.State
    Assert-Equal 5 $steps
    Assert-Equal (1..10 | ForEach-Object { "t$_" }) $log
}

Scenario 'a retry that has to wait does not count as an attempt' {
    $flow = New-Flow retry { task first { }; task again { $FlowContext.RunCount } }
    $json = '[{"slug":"first","type":"Pending"},{"task":{"slug":"again"},"state":{"type":"Retrying","run_count":1,"start_time":"2020-01-01T00:00:00Z"}}]'
    $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
    Assert-Equal @('Success', 'Retrying') $run.Tasks.State
    Assert-Equal 1 $run.Tasks[1].RunCount
    $run = $run | Invoke-FlowStep -MaxTasks 1
    Assert-Equal 2 $run.Tasks[1].Result
    Assert-Equal 2 $run.Tasks[1].RunCount
}

Scenario 'after its deadline a step starts no task, and the earlier of deadline and budget counts' {
    $flow = New-Flow deadline { task a { 'a' } }
    $past = [DateTimeOffset]::UtcNow.AddMinutes(-1)
    $run = Invoke-FlowStep $flow -Deadline $past
    Assert-Equal 'Cancelled' $run.Tasks[0].State
    $run = Invoke-FlowStep $flow -Deadline $past -TimeBudget 01:00:00
    Assert-Equal 'Cancelled' $run.Tasks[0].State
    $run = Invoke-FlowStep $flow -Deadline ([DateTimeOffset]::UtcNow.AddHours(1))
    Assert-Equal 'Success' $run.Tasks[0].State
}
