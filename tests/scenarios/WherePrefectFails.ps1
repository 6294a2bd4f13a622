# Failures of the original step-by-step trick, each shown right here. The letters are those of the design's list.

$log = [Collections.Generic.List[string]]::new()

function Complete-Run($Run, [int] $MaxTasks, [int] $MostSteps) {
    # Step by step through JSON, as between processes, until nothing is pending.
    while ($Run.HasPending) {
        if ($Run.Step -ge $MostSteps) { throw "the run does not end: $($Run.Step) steps, still $($Run.State)" }
        $Run = $Run | Invoke-FlowStep -MaxTasks $MaxTasks -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $Run.Flow
    }
    $Run
}

Scenario 'a: the budget belongs to the step, and the same session goes on without a reset of anything' {
    $flow = New-Flow counter { foreach ($n in 1..6) { task "t$n" { $log.Add($FlowContext.TaskName) } } }
    foreach ($max in 1, 2, 3) {
        $log.Clear()
        $run = Complete-Run (ConvertTo-FlowState $flow) $max 6
        Assert-Equal (6 / $max) $run.Step
        Assert-Equal 6 $log.Count
        Assert-Equal 'Success' $run.State
    }
}

Scenario 'b: slugs of null are reported, and the run does not end as if all were done' {
    $flow = New-Flow null { foreach ($n in 1..8) { task "t$n" { $log.Add($FlowContext.TaskName) } } }
    $pairs = @(1..8 | ForEach-Object { '{"task":{"slug":null},"state":{"type":"Success"}}' }) -join ','
    $run = "[$pairs]" | ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal 8 @($warnings).Count
    Assert-Equal $true $run.HasPending
    Assert-Equal 'Pending' $run.State
    Assert-Equal 'Success' ($run | Invoke-FlowStep).State
    Assert-Equal 8 $log.Count
}

Scenario 'b: every task has a slug of its own in what we write' {
    $flow = New-Flow slugs { foreach ($n in 1..8) { task "t$n" { } } }
    $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState -AsPrefect
    Assert-Equal @(1..8 | ForEach-Object { "t$_" }) @([regex]::Matches($json, '"slug":"([^"]+)"') | ForEach-Object { $_.Groups[1].Value })
}

Scenario 'c: two tasks cannot have one name' {
    $null = Assert-Error FlowTaskExists { New-Flow dup { task same { }; task same { } } }
}

Scenario 'c: an ambiguous slug is reported, and finished work is not run twice' {
    $flow = New-Flow dup { task a { $log.Add('a') }; task b { $log.Add('b') } -After a }
    $run = '[{"slug":"a","type":"Success"},{"slug":"A","type":"Pending"},{"slug":"b","type":"Pending"}]' |
        ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal 1 @($warnings).Count
    Assert-Like "*'a'*more than once*" "$($warnings[0])"
    Assert-Equal 'Success' (Complete-Run $run 1 2).State
    Assert-Equal @('b') $log
}

Scenario 'd: a result is there in the next step' {
    $flow = New-Flow data { task a { 41 }; task b { param($x) if ($null -eq $x) { throw 'the result is lost' } $x + 1 } -InputFrom @{ x = 'a' } }
    foreach ($asPrefect in $false, $true) {
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -AsPrefect:$asPrefect | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        Assert-Equal 'Success' $run.State
        Assert-Equal 42 $run.Tasks[1].Result
    }
}

Scenario 'd: a result is there in the next step when it is in a store' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow data -Store $folder { task a { 41 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
    Assert-Equal @(41, 42) (Complete-Run (ConvertTo-FlowState $flow) 1 2).Tasks.Result
}

Scenario 'd: a result is there as many steps later as it takes' {
    $flow = New-Flow far {
        task first { 'kept' }
        foreach ($n in 1..5) { task "between$n" { } -After $(if ($n -eq 1) { 'first' } else { "between$($n - 1)" }) }
        task last { param($x) $x } -InputFrom @{ x = 'first' } -After between5
    }
    $run = Complete-Run (ConvertTo-FlowState $flow) 1 7
    Assert-Equal 7 $run.Step
    Assert-Equal 'kept' $run.Tasks[6].Result
}

Scenario 'e: tasks without a handler are not lost to a trigger failure' {
    $quiet = { param($task, $old, $new) }
    $flow = New-Flow mixed {
        task a { 1 } -StateHandler $quiet
        task b { 2 } -StateHandler $quiet
        task list { param($a, $b) $a, $b } -InputFrom @{ a = 'a'; b = 'b' }
        task reduce { param($items) ($items[0] + $items[1]) } -InputFrom @{ items = 'list' }
    }
    $run = Complete-Run (ConvertTo-FlowState $flow) 1 4
    Assert-Equal 4 $run.Step
    Assert-Equal 'Success' $run.State
    Assert-Equal 3 $run.Tasks[3].Result
}

Scenario 'k: a step touches only what it has to run' {
    $flow = New-Flow chain -StateHandler { param($task, $old, $new) $log.Add("$task") } {
        task t1 { }
        foreach ($n in 2..100) { task "t$n" { } -After "t$($n - 1)" }
    }
    $states = @(1..99 | ForEach-Object { "{`"slug`":`"t$_`",`"type`":`"Success`"}" }) -join ','
    $run = "[$states]" | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
    Assert-Equal 'Success' $run.State
    Assert-Equal @('t100', 't100') $log
}

Scenario 'k: a document is short' {
    $flow = New-Flow chain { foreach ($n in 1..100) { task "t$n" { } } }
    $json = Invoke-Flow $flow | ConvertFrom-FlowState
    Assert-True ($json.Length -lt 100 * 120 + 400) "100 tasks take $($json.Length) characters, less than 120 each"
}

Scenario 'k: a hundred tasks, one a step, end after a hundred steps with each run once' {
    $flow = New-Flow chain {
        task t1 { $log.Add($FlowContext.TaskName) }
        foreach ($n in 2..100) { task "t$n" { $log.Add($FlowContext.TaskName) } -After "t$($n - 1)" }
    }
    $run = Complete-Run (ConvertTo-FlowState $flow) 1 100
    Assert-Equal 100 $run.Step
    Assert-Equal @(1..100 | ForEach-Object { "t$_" }) $log
}

Scenario 'l: a task whose process died runs again, its run count one higher' {
    $flow = New-Flow crash { task a { $FlowContext.RunCount }; task b { } -After a }
    $run = '[{"slug":"a","type":"Running"},{"slug":"b","type":"Pending"}]' | ConvertTo-FlowState -Flow $flow
    Assert-Equal $true $run.HasPending
    $run = Complete-Run $run 1 2
    Assert-Equal 'Success' $run.State
    Assert-Equal 2 $run.Tasks[0].Result
    Assert-Equal 2 $run.Tasks[0].RunCount
}

Scenario 'l: a task that dies again counts on through the document' {
    $flow = New-Flow crash { task a { $FlowContext.RunCount } }
    $run = '[{"task":{"slug":"a"},"state":{"type":"Running","context":{"task_run_count":4}}}]' | ConvertTo-FlowState -Flow $flow
    Assert-Equal 5 (Complete-Run $run 1 1).Tasks[0].Result
}

Scenario 'l: a paused task asks nobody anything' {
    $flow = New-Flow approval { task a { }; task b { } -After a }
    $run = '[{"slug":"a","type":"Paused"}]' | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal @('Paused', 'Pending') $run.Tasks.State
    Assert-Equal 'Paused' $run.State
    Assert-Equal $false $run.HasPending
}
