BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Set-FlowTaskState' {
    BeforeEach {
        $flow = New-Flow trio {
            task one { 1 }
            task two { 2 } -After one
            task three { 3 } -After two -Slug third
        }
    }

    It 'on a run, the states asked for change and the rest stay' {
        $run = Invoke-FlowStep $flow -MaxTasks 1 | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending', 'Pending'
        $run.Tasks.Message | Should -BeExactly 'Task run succeeded.', 'Mocked pending', 'Mocked pending'
        $run.HasPending | Should -BeExactly $true
    }

    It 'on a stream of task states, each comes out, changed or not, to be gathered again' {
        $before = Invoke-FlowStep $flow -MaxTasks 1
        $after = $before.Tasks | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending' | ConvertTo-FlowState
        $after.Tasks.State | Should -BeExactly 'Success', 'Pending', 'Pending'
        $after.RunId | Should -BeExactly $before.RunId
        ($after | Invoke-FlowStep).State | Should -BeExactly 'Success'
    }

    It 'on a stream of task states, what is in them changes as in the run: children of mapped tasks, and tasks of subflows' {
        $budget = @{ left = 0 }
        $stop = {
            param($task, $old, $new)
            $isOver = $new.State -eq 'TriggerFailed' -or ($new.State -eq 'Running' -and -not $task.Subflow -and $budget.left-- -le 0)
            if ($isOver) { Send-FlowSignal -EndRun 'budget' }
        }
        $inner = New-Flow inner -Parameter @{ x = 0 } -StateHandler $stop { task double { param($x) 2 * $x } }
        $flow = New-Flow outer -StateHandler $stop {
            task list { 1, 2 }
            task each { param($x) $x } -Map @{ x = 'list' }
            task sub -Subflow $inner -Map @{ x = 'each' }
            task all { param($x) $x } -InputFrom @{ x = 'sub' }
        }
        $run = ConvertTo-FlowState $flow
        for ($step = 0; $run.HasPending -and $step -lt 20; $step++) {
            $budget.left = 1
            $run = ($run | Invoke-FlowStep).Tasks | Set-FlowTaskState -From Cancelled -To Pending | ConvertTo-FlowState
        }
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[3].Result | Should -BeExactly 2, 4
    }

    It 'tasks are chosen by name, slug or wildcard' {
        $run = ConvertTo-FlowState $flow
        ($run | Set-FlowTaskState -Task two -To Cancelled).Tasks.State | Should -BeExactly 'Pending', 'Cancelled', 'Pending'
        ($run | Set-FlowTaskState -Task THIRD -To Cancelled).Tasks.State | Should -BeExactly 'Pending', 'Pending', 'Cancelled'
        ($run | Set-FlowTaskState -Task t* -To Cancelled).Tasks.State | Should -BeExactly 'Pending', 'Cancelled', 'Cancelled'
    }

    It 'several states may be changed at once' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        ($run | Set-FlowTaskState -From Success, Cancelled -To Pending).Tasks.State | Should -BeExactly 'Pending', 'Pending', 'Pending'
    }

    It 'the given run is left as it was' {
        $run = ConvertTo-FlowState $flow
        $null = $run | Set-FlowTaskState -To Cancelled
        $run.Tasks.State | Should -BeExactly 'Pending', 'Pending', 'Pending'
    }

    It 'a change of nothing returns the run itself' {
        $run = ConvertTo-FlowState $flow
        [object]::ReferenceEquals($run, ($run | Set-FlowTaskState -From Failed -To Pending)) |
            Should -BeTrue -Because 'it is the same object'
    }

    It 'a task set to Success with a result is not run, and its result is used' {
        $sum = New-Flow sum { task a { throw 'not run' }; task b { param($n) $n + 1 } -InputFrom @{ n = 'a' } }
        $run = ConvertTo-FlowState $sum | Set-FlowTaskState -Task a -To Success -Result 41 | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeStrictly 42
    }

    It 'a finished task set to another finished state keeps its result' {
        $run = Invoke-Flow $flow | Set-FlowTaskState -Task one -To Skipped
        $run.Tasks[0].Result | Should -BeStrictly 1
    }

    It 'a mapped task set to another finished state keeps its children''s results, as an array' {
        $map = New-Flow map {
            task list { 1, 2, 3 }
            task each { param($x) if ($x -eq 2) { throw 'bad' }; "result$x" } -Map @{ x = 'list' }
            task all { param($x) "$($x.Count): $x" } -InputFrom @{ x = 'each' }
        }
        $run = Invoke-Flow $map | Set-FlowTaskState -Task each -To Success | Set-FlowTaskState -Task all -To Pending | ConvertFrom-FlowState
        $run = $run | ConvertTo-FlowState -Flow $map | Invoke-FlowStep
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Success'
        $run.Tasks[2].Result | Should -BeExactly '3: result1  result3'
    }

    It 'the results of a mapped task that are secrets stay so' {
        $map = New-Flow map { task list { 1, 2 }; task each { param($x) "result$x" } -Map @{ x = 'list' } -Sensitive }
        $run = Invoke-Flow $map | Set-FlowTaskState -Task each -To Success
        (Get-FlowResult $run each) | Should -BeExactly 'result1', 'result2'
        $run | ConvertFrom-FlowState | Should -Not -BeLike '*result*1*result2*' -Because 'the document does not hold them'
    }

    It 'a finished task set to Pending loses its result and runs again' {
        $log = [Collections.Generic.List[int]]::new()
        $once = New-Flow once { task a { $log.Add($FlowContext.RunCount); 'done' } }
        $run = Invoke-Flow $once | Set-FlowTaskState -To Pending
        $run.Tasks[0].Result | Should -Be $null
        $run = $run | Invoke-FlowStep
        $run.Tasks[0].Result | Should -BeExactly 'done'
        $log | Should -BeStrictly 1, 1
    }

    It 'what is said not to have succeeded after all is done again, and its target is not taken' {
        $count = @{ made = 0 }
        $kept = New-Flow kept -Store "$TestDrive/kept" { task a { $count.made++; $count.made } -Target 'a.json' }
        $run = Invoke-Flow $kept | Set-FlowTaskState -Task a -To Failed | Set-FlowTaskState -From Failed -To Pending | Invoke-FlowStep
        $run.Tasks[0].State, $run.Tasks[0].Result | Should -BeExactly 'Success', 2
    }

    It 'a loop and a subflow continue where they were when they were set to Cancelled' {
        $ran = [Collections.Generic.List[string]]::new()
        $half = New-Flow half {
            task loop { $ran.Add("$($FlowContext.LoopCount)"); if ($FlowContext.LoopCount -lt 3) { Send-FlowSignal -Loop } }
            task sub -Subflow (New-Flow inner { task a { $ran.Add('a') }; task b { $ran.Add('b') } -After a }) -After loop
        }
        $run = ConvertTo-FlowState $half
        for ($step = 0; $run.State -ne 'Success' -and $step -lt 20; $step++) {
            $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | Set-FlowTaskState -From Pending -To Cancelled
        }
        $run.State | Should -BeExactly 'Success'
        $ran | Should -BeExactly '1', '2', '3', 'a', 'b'
    }

    It 'a start time makes a task wait, and the run says until when' {
        $due = [datetimeoffset]::new(2100, 1, 1, 12, 0, 0, [timespan]::FromHours(2))
        $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Scheduled -StartTime $due
        $run.State | Should -BeExactly 'Scheduled'
        $run.NextStartTime | Should -BeExactly $due.ToUniversalTime()
        ($run | Invoke-FlowStep).Tasks[0].State | Should -BeExactly 'Scheduled'
    }

    It 'a start time that has come lets the task run' {
        $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Scheduled -StartTime ([datetimeoffset]::UtcNow.AddMinutes(-1)) |
            Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
    }

    It 'a start time is for scheduled states' {
        { ConvertTo-FlowState $flow | Set-FlowTaskState -To Success -StartTime ([datetimeoffset]::UtcNow) } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*-StartTime*Success*'
    }

    It 'a paused task waits for a person, and continues when resumed' {
        $run = ConvertTo-FlowState $flow | Set-FlowTaskState -Task one -To Paused
        $run.State | Should -BeExactly 'Paused'
        $run.HasPending | Should -BeExactly $false
        ($run | Invoke-FlowStep).Tasks[0].State | Should -BeExactly 'Paused'
        ($run | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep).State | Should -BeExactly 'Success'
    }

    It 'an unknown task is an error that names it' {
        { ConvertTo-FlowState $flow | Set-FlowTaskState -Task nowhere -To Success } |
            Should -Throw -ErrorId 'FlowTaskNotFound,*' -PassThru | Should -BeLikeExactly "*no task 'nowhere'*"
    }

    It 'an unknown child is an error, in a stream of task states, too' {
        $run = Invoke-Flow (New-Flow map { task list { 1, 2 }; task each { param($x) $x } -Map @{ x = 'list' } })
        { $run | Set-FlowTaskState -Task 'each[2]' -To Pending } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
        { $run.Tasks | Set-FlowTaskState -Task 'each[2]' -To Pending } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
        ($run.Tasks | Set-FlowTaskState -Task 'each[1]' -To Pending | ConvertTo-FlowState).Tasks[1].Children.State | Should -BeExactly 'Success', 'Pending'
    }

    It 'an unknown state is an error that names those there are' {
        { ConvertTo-FlowState $flow | Set-FlowTaskState -To Done } |
            Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*' -PassThru | Should -BeLikeExactly '*Pending*Success*'
    }
}
