Scenario 'of two branches one runs, and a merge runs after it' {
    foreach ($kilos in 0.5, 12) {
        $run = New-Flow conditions {
            task weigh { $kilos }
            task letter { param($k) "letter $k" } -InputFrom @{ k = 'weigh' } -When { param($k) $k -lt 1 }
            task truck { param($k) "truck $k" } -InputFrom @{ k = 'weigh' } -When { param($k) $k -ge 1 }
            task sent { 'sent' } -After letter, truck -Trigger NotAllSkipped -SkipOnUpstreamSkip $false
        } | Invoke-Flow
        $expected = if ($kilos -lt 1) { 'Success', 'Skipped' } else { 'Skipped', 'Success' }
        Assert-Equal $expected $run.Tasks[1..2].State
        Assert-Equal 'Success' $run.Tasks[3].State
    }
}

Scenario 'a condition may look at arguments, and needs no parameters' {
    $run = New-Flow conditions {
        task a { param($n) $n } -Argument @{ n = 3 } -When { param($n) $n -gt 5 }
        task b { 'ran' } -When { $FlowContext.TaskName -eq 'b' }
    } | Invoke-Flow
    Assert-Equal @('Skipped', 'Success') $run.Tasks.State
}

Scenario 'a condition that fails, fails its task' {
    $run = New-Flow conditions { task a { } -When { throw 'odd' } } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[0].State
    Assert-Like '*checking the task''s condition: odd' $run.Tasks[0].Message
}

Scenario 'a condition over a parameter that the task is given no value for is a clear error' {
    Assert-Error -Id FlowTaskInvalid { New-Flow conditions { task a { } -When { param($missing) $missing } } }
}

Scenario 'a loop goes round across steps with its count and result' {
    $flow = New-Flow loops {
        task add {
            $sum = [int]$FlowContext.LoopResult + $FlowContext.LoopCount
            if ($FlowContext.LoopCount -lt 4) { Send-FlowSignal -Loop -Result $sum }
            $sum
        }
    }
    $steps = 0
    $run = $null | ConvertTo-FlowState -Flow $flow
    while ($run.HasPending) {
        $steps++
        $run = $run | Invoke-FlowStep -MaxTasks 1 | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    }
    Assert-Equal 4 $steps
    Assert-Equal 10 $run.Tasks[0].Result
}

Scenario 'a run is repeated from the task that failed, with a flow that was mended' {
    $log = [Collections.Generic.List[string]]::new()
    $broken = New-Flow mending { task a { $log.Add('a') }; task b { $log.Add('b'); throw 'bug' } -After a; task c { $log.Add('c') } -After b; task d { $log.Add('d') } -After a }
    $mended = New-Flow mending { task a { $log.Add('a') }; task b { $log.Add('b') } -After a; task c { $log.Add('c') } -After b; task d { $log.Add('d') } -After a }
    $run = Invoke-Flow $broken
    Assert-Equal @('Success', 'Failed', 'TriggerFailed', 'Success') $run.Tasks.State

    $log.Clear()
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $mended
    $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
    Assert-Equal @('Success', 'Success', 'Success', 'Success') $run.Tasks.State
    Assert-Equal @('b', 'c') $log
}
