Scenario 'a target names inputs, arguments and parameters of the flow' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow named -Store $folder -Parameter @{ Region = 'west' } {
        task month { [datetime]::new(2026, 11, 1) } -NoCheckpoint
        task report { param($month, $kind) "$kind of $month" } -InputFrom @{ month = 'month' } -Argument @{ kind = 'sales' } -Target '{parameters[Region]}/{month:yyyy-MM}/{kind}.txt'
    }
    $null = Invoke-Flow $flow
    Assert-Equal @('west/2026-11/sales.txt') (Get-ResultFile $folder)
    Assert-Equal @('Success', 'Cached') (Invoke-Flow $flow).Tasks.State
    $null = Invoke-Flow $flow -Parameter @{ Region = 'east' }
    Assert-Equal @('east/2026-11/sales.txt', 'west/2026-11/sales.txt') (Get-ResultFile $folder)
}

Scenario 'a script block makes the target, of what its parameters name and of $FlowContext' {
    $folder = Get-ScenarioFolder
    $extension = 'txt'
    $flow = New-Flow blocks -Store $folder -Parameter @{ Region = 'west' } {
        task numbers { 1, 2 } -NoCheckpoint
        task sum { param($numbers) $numbers[0] + $numbers[1] } -InputFrom @{ numbers = 'numbers' } -Target {
            param($Region, [datetime] $date, $numbers, $task_name)
            "$Region/$($date.Year)/$task_name of $($numbers.Count), $($FlowContext.TaskName), try $($FlowContext.RunCount).$extension"
        }
    }
    $run = Invoke-Flow $flow
    Assert-Equal "west/$($run.Started.Year)/sum of 2, sum, try 1.txt" $run.Tasks[1].ResultLocation
    Assert-Equal @($run.Tasks[1].ResultLocation) (Get-ResultFile $folder)
    $again = Invoke-Flow $flow
    Assert-Equal 'Cached' $again.Tasks[1].State
    Assert-Equal "Result found at task target $($run.Tasks[1].ResultLocation)" $again.Tasks[1].Message
}

Scenario 'what is done again makes its result anew, whether that is at a target or in a cache' {
    foreach ($keep in @{ Target = '{task_name}.json' }, @{ CacheFor = 3600 }) {
        $flow = New-Flow again -Store (Get-ScenarioFolder) {
            task fetch { if ($script:broken) { throw 'bug' }; 1, 2 } -NoCheckpoint
            task clean { param($lines) "summary of [$lines]" } -InputFrom @{ lines = 'fetch' } -Trigger AllFinished @keep
        }
        $script:broken = $true
        $run = Invoke-Flow $flow
        Assert-Equal 'summary of []' $run.Tasks[1].Result
        $script:broken = $false
        $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-Flow
        Assert-Equal 'summary of [1 2]' $run.Tasks[1].Result
        Assert-Equal 'summary of [1 2]' (Invoke-Flow $flow).Tasks[1].Result
    }
}

Scenario 'a block of the flow makes the targets of its tasks' {
    $folder = Get-ScenarioFolder
    $null = New-Flow shared -Store $folder -Target { param($task_name) "all/$task_name.json" } { task a { 1 }; task b { 2 }; task c { 3 } -Target 'own.json' } | Invoke-Flow
    Assert-Equal @('all/a.json', 'all/b.json', 'own.json') (Get-ResultFile $folder)
}

Scenario 'children of a mapped task have targets of their own, whatever makes them' {
    $folder = Get-ScenarioFolder
    $cases = @(
        @{ Target = '{task_name}.json'; Files = @('m[0].json', 'm[1].json') }
        @{ Target = '{map_index}.json'; Files = @('0.json', '1.json') }
        @{ Target = '{x}.json'; Files = @('p.json', 'q.json') }
        @{ Target = { param($task_name) "$task_name.json" }; Files = @('m[0].json', 'm[1].json') }
        @{ Target = { param($map_index) "$map_index.json" }; Files = @('0.json', '1.json') }
        @{ Target = { "$($FlowContext.MapIndex).json" }; Files = @('0.json', '1.json') }
        @{ Target = { param($x) "$x.json" }; Files = @('p.json', 'q.json') }
    )
    for ($i = 0; $i -lt $cases.Count; $i++) {
        $case = $cases[$i]
        $run = New-Flow mapped -Store "$folder/$i" { task list { 'p', 'q' } -NoCheckpoint; task m { param($x) "<$x>" } -Map @{ x = 'list' } -Target $case.Target } | Invoke-Flow
        Assert-Equal $case.Files (Get-ResultFile "$folder/$i") -Because "$($case.Target)"
        Assert-Equal @('<p>', '<q>') $run.Tasks[1].Result -Because "$($case.Target)"
    }
}

Scenario 'a block that makes no path fails its task, and says why' {
    $folder = Get-ScenarioFolder
    $cases = @(
        @{ Target = { }; Like = '*the block put out nothing*' }
        @{ Target = { $null }; Like = '*the block put out nothing*' }
        @{ Target = { 'a', 'b' }; Like = '*the block put out 2 objects*' }
        @{ Target = { 5 }; Like = '*the block put out a Int32*' }
        @{ Target = { '../out.json' }; Like = "*'../out.json'*leads out of its place*" }
        @{ Target = { 'a/nul.txt' }; Like = "*'a/nul.txt'*device*" }
        @{ Target = { '' }; Like = '*empty*' }
        @{ Target = { throw 'no idea' }; Like = '*no idea*' }
    )
    foreach ($case in $cases) {
        $ran = [Collections.Generic.List[string]]::new()
        $task = (New-Flow bad -Store "$folder/inside" { task a { $ran.Add('a'); 1 } -Target $case.Target } | Invoke-Flow).Tasks[0]
        Assert-Equal 'Failed' $task.State -Because "$($case.Target)"
        Assert-Like $case.Like $task.Message
        Assert-Equal 0 $ran.Count -Because "$($case.Target)"
    }
    Assert-Equal @() (Get-ResultFile $folder)
}

Scenario 'a target that asks for what there is not is refused where it is given' {
    $folder = Get-ScenarioFolder
    $define = { param($target) New-Flow bad -Store $folder -Parameter @{ Region = 'west' } { task a { param($x) 1 } -Argument @{ x = 1 } -Target $target } }
    $null = Assert-Error FlowTargetInvalid { & $define '{nonsense}.json' } -Like "*no variable 'nonsense'*there are date,*x, Region*"
    $null = Assert-Error FlowTargetInvalid { & $define { param($nonsense) 'a.json' } } -Like "*no variable 'nonsense'*"
    $null = Assert-Error FlowTargetInvalid { & $define '{config}.json' } -Like "*Prefect's configuration is its own*"
    $null = Assert-Error FlowTargetInvalid { & $define 5 } -Like '*-Target takes a path or a script block*'
    $null = Assert-Error FlowTargetInvalid { New-Flow bad -Store $folder -Target '{x}.json' } -Like "*a task's own target can name its inputs*"
}

Scenario 'a secret is no part of a path' {
    $folder = Get-ScenarioFolder
    $run = New-Flow secret -Store $folder {
        task password { 'hunter2' } -Sensitive
        task named { param($p) 1 } -InputFrom @{ p = 'password' } -Target '{p}.json'
        task made { param($p) 1 } -InputFrom @{ p = 'password' } -Target { param($p) "$p.json" }
    } | Invoke-Flow
    Assert-Equal @('Success', 'Failed', 'Failed') $run.Tasks.State
    Assert-Like "*'p' is a secret*" $run.Tasks[1].Message
    Assert-Equal @() (Get-ResultFile $folder)
    Assert-True (-not ($run | ConvertFrom-FlowState).Contains('hunter2')) 'the secret is nowhere'
}

Scenario 'where an input''s task failed the trigger says what follows, not the target' {
    $folder = Get-ScenarioFolder
    $run = New-Flow failed -Store $folder {
        task source { throw 'no' }
        task never { param($x) 1 } -InputFrom @{ x = 'source' } -Target { param($x) $x.ToUpper() }
        task always { param($x) 1 } -InputFrom @{ x = 'source' } -Target 'of {x}.json' -Trigger AllFinished
    } | Invoke-Flow
    Assert-Equal @('Failed', 'TriggerFailed', 'Success') $run.Tasks.State
    Assert-Equal 'of .json' $run.Tasks[2].ResultLocation
}

Scenario 'a block may end its task with a signal' {
    $folder = Get-ScenarioFolder
    $task = (New-Flow signals -Store $folder { task a { 1 } -Target { Send-FlowSignal -Skip 'nothing to write' } } | Invoke-Flow).Tasks[0]
    Assert-Equal 'Skipped' $task.State
    Assert-Equal 'nothing to write' $task.Message
}
