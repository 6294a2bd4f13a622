Scenario 'in a task, each signal ends it in its state' {
    $run = New-Flow signals {
        task fails { Send-FlowSignal -Fail 'not good'; throw 'not reached' }
        task skips { Send-FlowSignal -Skip 'nothing to do'; throw 'not reached' }
        task succeeds { Send-FlowSignal -Success 'enough'; throw 'not reached' }
        task ends { Send-FlowSignal -EndRun 'no more'; throw 'not reached' }
    } | Invoke-Flow
    Assert-Equal @('Failed', 'Skipped', 'Success', 'Cancelled') $run.Tasks.State
    Assert-Equal @('not good', 'nothing to do', 'enough', 'no more') $run.Tasks.Message
}

Scenario 'a signal may carry a result' {
    $run = New-Flow signals {
        task early { Send-FlowSignal -Success -Result 41 }
        task next { param($n) $n + 1 } -InputFrom @{ n = 'early' }
    } | Invoke-Flow
    Assert-Equal 42 $run.Tasks[1].Result
}

Scenario 'output before a signal is no result' {
    $run = New-Flow signals { task a { 'lost'; Send-FlowSignal -Success } } | Invoke-Flow
    Assert-Equal $null $run.Tasks[0].Result
}

Scenario 'EndRun ends in the state of its choice' {
    $run = New-Flow signals { task a { Send-FlowSignal -EndRun -State TimedOut 'too slow' } } | Invoke-Flow
    Assert-Equal 'TimedOut' $run.Tasks[0].State
    Assert-Equal 'too slow' $run.Tasks[0].Message
}

Scenario 'a signal is sent from a function that the task calls' {
    function Stop-Early { Send-FlowSignal -Skip 'from below' }
    $run = New-Flow signals { task a { Stop-Early } } | Invoke-Flow
    Assert-Equal 'Skipped' $run.Tasks[0].State
    Assert-Equal 'from below' $run.Tasks[0].Message
}

Scenario 'a finally block runs before a signal ends the task' {
    $log = [Collections.Generic.List[string]]::new()
    $run = New-Flow signals { task a { try { Send-FlowSignal -Skip } finally { $log.Add('cleaned up') } } } | Invoke-Flow
    Assert-Equal 'Skipped' $run.Tasks[0].State
    Assert-Equal @('cleaned up') $log
}

Scenario 'what comes after a skip is skipped' {
    $run = New-Flow signals { task a { Send-FlowSignal -Skip }; task b { } -After a; task c { } -After b } | Invoke-Flow
    Assert-Equal @('Skipped', 'Skipped', 'Skipped') $run.Tasks.State
    Assert-Equal 'Success' $run.State
    Assert-Like 'Upstream task was skipped*' $run.Tasks[1].Message
}

Scenario 'in a handler, EndRun ends the task in its state before it runs' {
    $log = [Collections.Generic.List[string]]::new()
    $run = New-Flow signals {
        task a { $log.Add('ran') } -StateHandler { param($task, $old, $new) if ($new.IsRunning) { Send-FlowSignal -EndRun -State Cancelled 'not today' } }
    } | Invoke-Flow
    Assert-Equal 0 $log.Count
    Assert-Equal 'Cancelled' $run.Tasks[0].State
    Assert-Equal 'not today' $run.Tasks[0].Message
}

Scenario 'in a handler, a signal replaces the state' {
    $run = New-Flow signals {
        task a { 1 } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { Send-FlowSignal -Fail 'one is not enough' } }
        task b { } -StateHandler { param($task, $old, $new) if ($new.IsRunning) { Send-FlowSignal -Skip 'not needed' } }
        task c { throw 'bad' } -StateHandler { param($task, $old, $new) if ($new.IsFailed) { Send-FlowSignal -Success 'good enough' -Result 7 } }
    } | Invoke-Flow
    Assert-Equal @('Failed', 'Skipped', 'Success') $run.Tasks.State
    Assert-Equal @('one is not enough', 'not needed', 'good enough') $run.Tasks.Message
    Assert-Equal 7 $run.Tasks[2].Result
}

Scenario 'outside a flow a signal is an error that can be caught' {
    $caught = Assert-Error FlowSignal { Send-FlowSignal -Fail 'nobody listens' } -Like 'nobody listens'
    Assert-Equal 'Failed' $caught.TargetObject
}

Scenario 'one signal is sent at a time' {
    $null = Assert-Error AmbiguousParameterSet { Send-FlowSignal -Fail -Skip }
}
