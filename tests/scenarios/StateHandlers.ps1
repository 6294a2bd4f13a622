$log = [Collections.Generic.List[string]]::new()
$note = { param($task, $old, $new) $log.Add("$task $($old.State) $($new.State)") }

Scenario 'a handler is told of every change, with the task, its old and its new state' {
    $null = New-Flow told { task a { } } -StateHandler $note | Invoke-Flow
    Assert-Equal @('a Pending Running', 'a Running Success') $log
}

Scenario 'a handler sees all that a task state has' {
    $seen = @{}
    $null = New-Flow told {
        task a { 42 } -StateHandler { param($task, $old, $new) $seen.Name = $task.Name; $seen.Type = $new.GetType().Name; $seen.Result = $new.Result; $seen.Message = $new.Message }
    } | Invoke-Flow
    Assert-Equal @('a', 'FlowTaskState', 42, 'Task run succeeded.') @($seen.Name, $seen.Type, $seen.Result, $seen.Message)
}

Scenario 'the task''s handlers are called before the flow''s, in order' {
    $null = New-Flow order {
        task a { } -StateHandler { $log.Add('task 1') }, { $log.Add('task 2') }
    } -StateHandler { $log.Add('flow 1') }, { $log.Add('flow 2') } | Invoke-Flow
    Assert-Equal @('task 1', 'task 2', 'flow 1', 'flow 2', 'task 1', 'task 2', 'flow 1', 'flow 2') $log
}

Scenario 'trigger failures and skips are told of, too' {
    $null = New-Flow told {
        task bad { throw 'no' }
        task after-bad { } -After bad
        task skip { Send-FlowSignal -Skip }
        task after-skip { } -After skip
    } -StateHandler $note | Invoke-Flow
    Assert-Equal @(
        'bad Pending Running', 'bad Running Failed', 'after-bad Pending TriggerFailed'
        'skip Pending Running', 'skip Running Skipped', 'after-skip Pending Skipped'
    ) $log
}

Scenario 'cancellation by the budget is told of' {
    $null = New-Flow told { task a { }; task b { } -After a } -StateHandler $note | Invoke-FlowStep -MaxTasks 1
    Assert-Equal @('a Pending Running', 'a Running Success', 'b Pending Cancelled') $log
}

Scenario 'finished tasks of earlier steps are not told of again' {
    $flow = New-Flow told { task a { }; task b { } -After a } -StateHandler $note
    $run = $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    $log.Clear()
    $null = $run | Invoke-FlowStep
    Assert-Equal @('b Pending Running', 'b Running Success') $log
}

Scenario 'a state that a handler puts out replaces the new one' {
    $run = New-Flow replaced {
        task a { 1 } -StateHandler { param($task, $old, $new) if ($new.State -eq 'Success') { $new | Set-FlowTaskState -To Success -Message 'seen' -Result 2 } }
        task b { param($n) $n } -InputFrom @{ n = 'a' }
    } | Invoke-Flow
    Assert-Equal 'seen' $run.Tasks[0].Message
    Assert-Equal @(2, 2) $run.Tasks.Result
}

Scenario 'a bare state type that a handler puts out replaces the new one' {
    $run = New-Flow replaced {
        task a { 1 } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { [Enum]::Parse($new.State.GetType(), 'Failed') } }
    } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[0].State
}

Scenario 'a handler that puts out the new state''s own type, or its name, leaves the state as it is' {
    foreach ($handler in { param($task, $old, $new) $new.State }, { param($task, $old, $new) "$($new.State)" }) {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow kept -StateHandler $handler {
            task list { 1, 2 }
            task each { param($x) $x * 10 } -Map @{ x = 'list' }
            task loop { $log.Add("loop $($FlowContext.LoopCount)"); if ($FlowContext.LoopCount -lt 3 -and $log.Count -lt 9) { Send-FlowSignal -Loop } }
            task late { throw 'busy' } -MaxRetries 1 -RetryDelay 3600
        }
        $run = Invoke-FlowStep $flow
        Assert-Equal @('Success', 'Mapped', 'Success', 'Retrying') $run.Tasks.State
        Assert-Equal @(10, 20) $run.Tasks[1].Result
        Assert-Equal 'Task run succeeded.' $run.Tasks[0].Message
        Assert-Equal @('loop 1', 'loop 2', 'loop 3') $log
        Assert-True ($run.NextStartTime -gt [DateTimeOffset]::UtcNow.AddMinutes(59))
    }
}

Scenario 'a loop counts on, whatever a handler makes of its states' {
    $looped = @{
        replaced = { param($task, $old, $new) if ($new.State -eq 'Looped') { $new | Set-FlowTaskState -To Looped -Message 'page read' } }
        sent     = { param($task, $old, $new) if ($new.State -eq 'Looped') { Send-FlowSignal -Loop -Result $new.Result } }
    }
    foreach ($handler in $looped.Values) {
        $log = [Collections.Generic.List[string]]::new()
        $run = New-Flow loops {
            task read { $log.Add("$($FlowContext.LoopCount) $($FlowContext.LoopResult)"); if ($FlowContext.LoopCount -lt 3 -and $log.Count -lt 9) { Send-FlowSignal -Loop -Result $log.Count } } -StateHandler $handler
        } | Invoke-Flow
        Assert-Equal @('1 ', '2 1', '3 2') $log
    }

    $log = [Collections.Generic.List[int]]::new()
    $run = New-Flow loops {
        task read {
            $log.Add($FlowContext.LoopCount)
            if ($FlowContext.LoopCount -lt 3) { Send-FlowSignal -Loop }
            if ($FlowContext.RunCount -eq 1) { throw 'busy' }
        } -MaxRetries 1 -OnFailure { throw 'no mail server' }
    } | Invoke-Flow
    Assert-Equal 'Success' $run.State
    Assert-Equal @(1, 2, 3, 3) $log -Because 'the pass that failed is tried again, not the loop'
}

Scenario 'other output of a handler is of no meaning' {
    $run = New-Flow chatty { task a { 1 } -StateHandler { 'hello'; 42; $null } } | Invoke-Flow
    Assert-Equal 'Success' $run.Tasks[0].State
    Assert-Equal 1 $run.Tasks[0].Result
}

Scenario 'a later handler sees what an earlier one made of the state' {
    $null = New-Flow passed {
        task a { } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { $new | Set-FlowTaskState -To Failed } }, $note
    } | Invoke-Flow
    Assert-Equal @('a Pending Running', 'a Running Failed') $log
}

Scenario 'a handler that throws fails its task' {
    $run = New-Flow thrown {
        task a { $log.Add('ran') } -StateHandler { throw 'handler broke' }
        task b { } -After a
    } | Invoke-Flow
    Assert-Equal 0 $log.Count
    Assert-Equal @('Failed', 'TriggerFailed') $run.Tasks.State
    Assert-Equal 'Unexpected error while calling state handlers: handler broke' $run.Tasks[0].Message
    Assert-Equal 'handler broke' $run.Tasks[0].Error.Message
}

Scenario 'an error that a handler does not throw stops it all the same' {
    $run = New-Flow thrown { task a { } -StateHandler { $null.Nothing() } } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[0].State
}

Scenario 'no handlers may be given, but not a handler that is null' {
    Assert-Equal 'Success' (New-Flow none -StateHandler @() { task a { } -StateHandler @() } | Invoke-Flow).State
    $null = Assert-Error ParameterArgumentValidationError { New-Flow null -StateHandler $null }
    $null = Assert-Error ParameterArgumentValidationError { New-Flow null { task a { } -StateHandler $null } }
}

Scenario 'OnFailure is told of each failure, and of nothing else' {
    $log = [Collections.Generic.List[string]]::new()
    $note = { param($task, $state) $log.Add("$($task.Name) $($state.State) $($state.Error.Message)") }
    New-Flow failures {
        task good { 'fine' } -OnFailure $note
        task bad { throw "bug $($FlowContext.RunCount)" } -MaxRetries 1 -OnFailure $note
        task behind { 'never' } -After bad -OnFailure $note
    } | Invoke-Flow | Out-Null
    Assert-Equal @('bad Failed bug 1', 'bad Failed bug 2', 'behind TriggerFailed ') $log
}

Scenario 'OnFailure of a flow is told of the run once it has ended Failed' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow failing -OnFailure { param($flow, $run) $log.Add("$($flow.Name) $($run.State) step $($run.Step): $(($run | Get-FlowTask -State Failed).Message)") } {
        task a { 1 }
        task bad { throw 'bug' } -After a
    }
    $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
    Assert-Equal 0 $log.Count
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    $null = $run | Invoke-FlowStep
    Assert-Equal @('failing Failed step 2: Error during execution of task: bug') $log
}

Scenario 'OnFailure of a flow that fails itself is an error, and the run is there all the same' {
    $flow = New-Flow failing -OnFailure { throw 'no mail' } { task bad { throw 'bug' } }
    $faults = $null
    $run = Invoke-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults
    Assert-Equal 'Failed' $run.State
    Assert-Equal 'FlowHandlerFailed' @($faults[-1].FullyQualifiedErrorId -split ',')[0]
    Assert-Like "The -OnFailure block of flow 'failing' failed itself: no mail.*" "$($faults[-1])"
    Assert-Equal 'Failed' (Invoke-Flow $flow -ErrorAction Stop).State -Because 'a caller that stops at errors gets the run'
}
