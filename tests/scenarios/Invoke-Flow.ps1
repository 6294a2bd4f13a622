Scenario 'a flow runs to its end in one step' {
    $run = New-Flow whole { task a { 1 }; task b { 2 } -After a } | Invoke-Flow
    Assert-Equal 'Success' $run.State
    Assert-Equal 'All reference tasks succeeded.' $run.Message
    Assert-Equal @('Success', 'Success') $run.Tasks.State
    Assert-Equal @('Task run succeeded.', 'Task run succeeded.') $run.Tasks.Message
    Assert-Equal 1 $run.Step
    Assert-Equal $false $run.HasPending
}

Scenario 'each call is a run of its own' {
    $flow = New-Flow again { task a { $FlowContext.RunId } }
    $first = Invoke-Flow $flow
    $second = Invoke-Flow $flow
    Assert-True ($first.RunId -ne $second.RunId) 'the ids differ'
    Assert-Equal $first.RunId $first.Tasks[0].Result
}

Scenario 'a failed task makes the run Failed and what comes after TriggerFailed' {
    $run = New-Flow broken { task a { throw 'no' }; task b { } -After a; task c { } -After b; task free { } } | Invoke-Flow
    Assert-Equal 'Failed' $run.State
    Assert-Equal 'Some reference tasks failed.' $run.Message
    Assert-Equal @('Failed', 'TriggerFailed', 'TriggerFailed', 'Success') $run.Tasks.State
    Assert-Equal 'Trigger was "all_successful" but some of the upstream tasks failed.' $run.Tasks[1].Message
    Assert-Equal $false $run.HasPending
}

Scenario 'a failed task throws nothing at the caller' {
    $run = New-Flow broken { task a { throw 'no' } } | Invoke-Flow -ErrorVariable faults
    Assert-Equal 'Failed' $run.State
    Assert-Equal 0 @($faults).Count
}

Scenario 'an empty flow is a success' {
    Assert-Equal 'Success' (New-Flow empty | Invoke-Flow).State
}

Scenario 'times are in UTC and in order' {
    $run = New-Flow timed { task a { } } | Invoke-Flow
    $task = $run.Tasks[0]
    Assert-Equal ([timespan]::Zero) $task.StartTime.Offset
    Assert-True ($run.Started -le $task.StartTime -and $task.StartTime -le $task.EndTime) 'the run starts before its task, and that before it ends'
    Assert-Equal ($task.EndTime - $task.StartTime) $task.Duration
}

Scenario 'with WhatIf nothing runs' {
    $log = [Collections.Generic.List[string]]::new()
    $run = New-Flow careful { task a { $log.Add('ran') } } | Invoke-Flow -WhatIf
    Assert-Equal 0 $log.Count
    Assert-Equal 'Pending' $run.State
    Assert-Equal 0 $run.Step
}

Scenario 'a flow may run another flow' {
    $inner = New-Flow inner { task answer { 42 } }
    $outer = New-Flow outer { task ask { (Invoke-Flow $inner).Tasks[0].Result } } | Invoke-Flow
    Assert-Equal 42 $outer.Tasks[0].Result
}
