Scenario 'a task whose body is a flow gives the result of its last task' {
    $inner = New-Flow inner {
        task a { 20 }
        task b { param($x) $x + 1 } -InputFrom @{ x = 'a' }
    }
    $flow = New-Flow outer
    Add-FlowTask $flow part -Subflow $inner
    $flow | Add-FlowTask end { param($x) $x * 2 } -InputFrom @{ x = 'part' }
    $run = Invoke-Flow $flow
    Assert-Equal 'Success' $run.State
    Assert-Equal 42 $run.Tasks[1].Result
    Assert-Equal @('Success', 'Success') $run.Tasks[0].Subflow.Tasks.State
}

Scenario 'a subflow can be defined where it is used' {
    $run = New-Flow outer {
        task part -Subflow (New-Flow inner { task a { 'in' } })
        task end { param($x) "$x and out" } -InputFrom @{ x = 'part' }
    } | Invoke-Flow
    Assert-Equal 'in and out' $run.Tasks[1].Result
}

Scenario 'its tasks run within the step budget, through JSON each time, each once' {
    $log = [Collections.Generic.List[string]]::new()
    $inner = New-Flow inner {
        task a { $log.Add('a'); 1 }
        task b { param($x) $log.Add('b'); $x + 1 } -InputFrom @{ x = 'a' }
    }
    $flow = New-Flow outer {
        task begin { $log.Add('begin') }
        task part -Subflow $inner -After begin
        task end { param($x) $log.Add('end'); $x } -InputFrom @{ x = 'part' }
    }
    $steps = 0
    $run = $null | ConvertTo-FlowState -Flow $flow
    while ($run.HasPending) {
        $steps++
        $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    }
    Assert-Equal 4 $steps
    Assert-Equal @('begin', 'a', 'b', 'end') $log
    Assert-Equal 2 $run.Tasks[2].Result
}

Scenario 'it takes arguments, inputs and the outer flow''s parameters as its own' {
    $inner = New-Flow inner -Parameter { param([int]$Count, [string]$Place, $What) } {
        task say { param($Count, $Place, $What) "$Count $What in $Place" }
    }
    $flow = New-Flow outer -Parameter @{ Place = 'Bern'; Other = 1 } {
        task what { 'trees' }
        task part -Subflow $inner -Argument @{ Count = 3 } -InputFrom @{ What = 'what' }
    }
    Assert-Equal '3 trees in Bern' (Invoke-Flow $flow).Tasks[1].Result
    Assert-Equal '3 trees in Rome' (Invoke-Flow $flow -Parameter @{ Place = 'Rome' }).Tasks[1].Result
    Assert-Error { New-Flow outer { task part -Subflow $inner -Argument @{ Nothing = 1 } } } -Id FlowTaskInvalid
}

Scenario 'a flow that would run itself is one clear error' {
    $a = New-Flow a
    $b = New-Flow b { task runsA -Subflow $a }
    Assert-Error { Add-FlowTask $a runsB -Subflow $b } -Id FlowCycle
    Assert-Error { Add-FlowTask $a runsA -Subflow $a } -Id FlowCycle
}

Scenario 'a failed one is mended by resetting what failed in it, and nothing else runs again' {
    $log = [Collections.Generic.List[string]]::new()
    $inner = New-Flow inner {
        task a { $log.Add('a') }
        task b { $log.Add('b'); if ($log.Count -lt 3) { throw 'boom' } } -After a
    }
    $flow = New-Flow outer {
        task part -Subflow $inner
        task end { $log.Add('end') } -After part
    }
    $run = Invoke-FlowStep $flow
    Assert-Equal 'Failed' $run.State
    Assert-Like "Subflow 'inner' failed: task 'b': *boom*" $run.Tasks[0].Message
    $run = $run | Set-FlowTaskState -From Failed, TriggerFailed -To Pending | Invoke-FlowStep
    Assert-Equal 'Success' $run.State
    Assert-Equal @('a', 'b', 'b', 'end') $log
}

Scenario 'one behind a task that is done again begins anew, with what there is now' {
    $inner = New-Flow inner -Parameter @{ x = '' } {
        task first { param($x) "first $x" }
        task second { param($f) if ($f -like '*old*') { throw 'bad' }; $f } -InputFrom @{ f = 'first' }
    }
    $flow = New-Flow outer {
        task a { $script:value }
        task part -Subflow $inner -InputFrom @{ x = 'a' }
    }
    $script:value = 'old'
    $run = Invoke-Flow $flow
    Assert-Equal @('Success', 'Failed') $run.Tasks.State
    $script:value = 'new'
    $run = $run | Set-FlowTaskState -Task a -To Pending -IncludeDownstream | Invoke-Flow
    Assert-Equal 'first new' $run.Tasks[1].Result
}

Scenario 'one that waits for approval is resumed by the path of the task in it' {
    $inner = New-Flow inner {
        task plan { 'plan' }
        task approve { 'go' } -After plan -Trigger ManualOnly
    }
    $flow = New-Flow outer { task part -Subflow $inner; task end { 'end' } -After part }
    $run = Invoke-FlowStep $flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    Assert-Equal 'Paused' $run.State
    Assert-Equal 'Paused' ($run | Get-FlowTask -Name part/approve).State
    $run = $run | Set-FlowTaskState -Task part/approve -From Paused -To Resume -Message 'ann: looks good' | Invoke-FlowStep
    Assert-Equal 'Success' $run.State
    Assert-Equal 'end' $run.Tasks[1].Result
}

Scenario 'it can be mapped, and its tasks run side by side' {
    $inner = New-Flow inner -Parameter @{ Name = '' } {
        task a { param($Name) "<$Name>" }
        task b { param($x) "$x!" } -InputFrom @{ x = 'a' }
    }
    $flow = New-Flow outer {
        task names { 'p', 'q', 'r' }
        task each -Subflow $inner -Map @{ Name = 'names' }
    }
    Assert-Equal @('<p>!', '<q>!', '<r>!') (Invoke-Flow $flow).Tasks[1].Result
    $run = Invoke-Flow $flow -ThrottleLimit 3
    Assert-Equal @('<p>!', '<q>!', '<r>!') $run.Tasks[1].Result
    Assert-Equal '<q>!' ($run | Get-FlowTask -Name 'each`[1`]/b').Result
}

Scenario 'a task has a script block or a subflow, one of them' {
    $inner = New-Flow inner { task a { } }
    Assert-Error { New-Flow outer { task part } } -Id FlowTaskInvalid
    Assert-Error { New-Flow outer { task part { 1 } -Subflow $inner } } -Id FlowTaskInvalid
}
