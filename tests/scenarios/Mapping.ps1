Scenario 'a mapped task runs once for each element, and its result is an array of all' {
    $run = New-Flow mapping {
        task numbers { 1, 2, 3 }
        task square { param($n) $n * $n } -Map @{ n = 'numbers' }
        task sum { param($all) $sum = 0; foreach ($n in $all) { $sum += $n }; $sum } -InputFrom @{ all = 'square' }
    } | Invoke-Flow
    Assert-Equal @(1, 4, 9) $run.Tasks[1].Result
    Assert-Equal 14 $run.Tasks[2].Result
    Assert-Equal 'Mapped' $run.Tasks[1].State
    Assert-Equal @('square[0]', 'square[1]', 'square[2]') $run.Tasks[1].Children.Slug
    Assert-Equal @('Success', 'Success', 'Success') $run.Tasks[1].Children.State
}

Scenario 'children travel one by one from step to step' {
    $log = [Collections.Generic.List[int]]::new()
    $flow = New-Flow mapping {
        task numbers { 1, 2, 3 }
        task each { param($n) $log.Add($n); $n } -Map @{ n = 'numbers' }
        task all { param($n) $n.Count } -InputFrom @{ n = 'each' }
    }
    $steps = 0
    $run = $null | ConvertTo-FlowState -Flow $flow
    while ($run.HasPending) {
        $steps++
        $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    }
    Assert-Equal 5 $steps
    Assert-Equal @(1, 2, 3) $log
    Assert-Equal 3 $run.Tasks[2].Result
}

Scenario 'a child knows its index' {
    $run = New-Flow mapping {
        task letters { 'a', 'b' }
        task each { param($x) "$x$($FlowContext.MapIndex)" } -Map @{ x = 'letters' }
    } | Invoke-Flow
    Assert-Equal @('a0', 'b1') $run.Tasks[1].Result
}

Scenario 'mapped and unmapped inputs and arguments go together' {
    $run = New-Flow mapping {
        task a { 1, 2, 3 }
        task b { 10, 20 }
        task c { 'c' }
        task each { param($x, $y, $z, $w) "$x $y $z $w" } -Map @{ x = 'a'; y = 'b' } -InputFrom @{ z = 'c' } -Argument @{ w = 'w' }
    } | Invoke-Flow
    Assert-Equal @('1 10 c w', '2 20 c w') $run.Tasks[3].Result
}

Scenario 'a list of one file, and of none, are lists all the same' {
    $run = New-Flow mapping {
        task one { 'only' }
        task none { }
        task eachOne { param($x) "<$x>" } -Map @{ x = 'one' }
        task eachNone { param($x) "<$x>" } -Map @{ x = 'none' }
    } | Invoke-Flow
    Assert-Equal 1 $run.Tasks[2].Children.Count
    Assert-Equal 0 $run.Tasks[3].Children.Count
    Assert-Equal 'Success' $run.State
}

Scenario 'a number cannot be mapped over, and the error says what to do' {
    $run = New-Flow mapping { task n { 5 }; task each { param($x) $x } -Map @{ x = 'n' } } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[1].State
    Assert-Like '*makes a list of it*' $run.Tasks[1].Error.Message
    $run = New-Flow mapping { task n { , @(5) }; task each { param($x) $x } -Map @{ x = 'n' } } | Invoke-Flow
    Assert-Equal 1 $run.Tasks[1].Children.Count
}

Scenario 'only the children that failed are run again' {
    $script:broken = $true
    $log = [Collections.Generic.List[int]]::new()
    $flow = New-Flow mapping {
        task numbers { 1, 2, 3 }
        task each { param($n) $log.Add($n); if ($script:broken -and $n -eq 2) { throw 'bug' }; $n } -Map @{ n = 'numbers' }
        task all { param($n) "$n" } -InputFrom @{ n = 'each' }
    }
    $run = Invoke-Flow $flow
    Assert-Equal 'Failed' $run.State

    $script:broken = $false
    $log.Clear()
    $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
    Assert-Equal @(2) $log
    Assert-Equal '1 2 3' $run.Tasks[2].Result
}

Scenario 'of a map over a map, too, only the children that failed and those behind them are run again' {
    $script:broken = $true
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow mapping {
        task numbers { 1, 2, 3 }
        task a { param($n) $log.Add("a$n"); if ($script:broken -and $n -eq 3) { throw 'bug' }; $n } -Map @{ n = 'numbers' }
        task b { param($n) $log.Add("b$n"); $n } -Map @{ n = 'a' }
        task all { param($n) "$n" } -InputFrom @{ n = 'b' }
    }
    $run = Invoke-Flow $flow

    $script:broken = $false
    $log.Clear()
    $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
    Assert-Equal @('a3', 'b3') $log
    Assert-Equal '1 2 3' $run.Tasks[3].Result
}

Scenario 'what is wrong with a map is said when it is defined' {
    Assert-Error -Id FlowTaskInvalid { New-Flow mapping { task a { }; task b { param($x) } -Map @{ y = 'a' } } }
    Assert-Error -Id FlowTaskInvalid { New-Flow mapping { task a { }; task b { } -Flatten } }
    Assert-Error -Id FlowTaskNotFound { New-Flow mapping { task b { param($x) } -Map @{ x = 'gone' } } }
}
