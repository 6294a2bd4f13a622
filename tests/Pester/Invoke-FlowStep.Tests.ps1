BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Invoke-FlowStep' {
    BeforeAll {
        function New-Chain([int] $Length) {
            New-Flow chain {
                task t1 { $log.Add($FlowContext.TaskName) }
                for ($i = 2; $i -le $Length; $i++) { task "t$i" { $log.Add($FlowContext.TaskName) } -After "t$($i - 1)" }
            }
        }
    }

    BeforeEach {
        $log = [Collections.Generic.List[string]]::new()
    }

    It 'a step starts as many tasks as it may, and cancels the rest' {
        $run = New-Chain 4 | Invoke-FlowStep -MaxTasks 2
        $log | Should -BeExactly 't1', 't2'
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Cancelled', 'Cancelled'
        $run.Tasks[2].Message | Should -BeExactly 'Flow run is cancelled'
        $run.State | Should -BeExactly 'Cancelled'
        $run.Message | Should -BeExactly '2 of 4 tasks cancelled.'
        $run.HasPending | Should -BeExactly $false
    }

    It 'a new run starts at step 1 and counts on' {
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
        $run.Step | Should -Be 1
        $next = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $next.Step | Should -Be 2
        $next.RunId | Should -BeExactly $run.RunId
    }

    It 'the run is given down the pipeline, by name or first' {
        $flow = New-Chain 3
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
        $run = Invoke-FlowStep $run -MaxTasks 1 -ResetCancelled
        $run = Invoke-FlowStep -State $run -MaxTasks 1 -ResetCancelled
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeExactly 't1', 't2', 't3'
    }

    It 'with ResetCancelled what was not started is Pending again' {
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending', 'Pending'
        $run.State | Should -BeExactly 'Pending'
        $run.Message | Should -BeExactly '2 of 3 tasks still to run.'
        $run.HasPending | Should -BeExactly $true
    }

    It 'with ResetCancelled a cancelled run continues at once' {
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
        $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Pending'
    }

    It 'without ResetCancelled a cancelled run has nothing to do and comes back as it was' {
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1
        [object]::ReferenceEquals($run, ($run | Invoke-FlowStep)) | Should -BeTrue -Because 'it is the same object'
    }

    It 'a finished run comes back as it was' {
        $run = New-Chain 2 | Invoke-Flow
        [object]::ReferenceEquals($run, ($run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled)) |
            Should -BeTrue -Because 'it is the same object'
        $log | Should -BeExactly 't1', 't2'
    }

    It 'a step with nothing but future work comes back as it was' {
        $tomorrow = [datetimeoffset]::UtcNow.AddDays(1)
        $run = ConvertTo-FlowState (New-Chain 2) | Set-FlowTaskState -To Retrying -Task t1 -StartTime $tomorrow
        $run.State | Should -BeExactly 'Scheduled'
        $after = $run | Invoke-FlowStep | Invoke-FlowStep
        [object]::ReferenceEquals($run, $after) | Should -BeTrue -Because 'it is the same object'
        $log.Count | Should -Be 0
    }

    It 'a budget that is larger than the work cancels nothing' {
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 3
        $run.State | Should -BeExactly 'Success'
        $run = New-Chain 3 | Invoke-FlowStep -MaxTasks 1000
        $run.State | Should -BeExactly 'Success'
    }

    It 'without a budget a step runs to the end' {
        (New-Chain 5 | Invoke-FlowStep).State | Should -BeExactly 'Success'
    }

    It 'trigger failures cost no budget and are settled in the same step' {
        $run = New-Flow branch {
            task bad { throw 'no' }
            task after-bad { } -After bad
            task after-that { } -After after-bad
            task good { }
        } | Invoke-FlowStep -MaxTasks 2
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed', 'TriggerFailed', 'Success'
    }

    It 'skips cost no budget and are settled in the same step' {
        $run = New-Flow branch {
            task skip { Send-FlowSignal -Skip }
            task after-skip { } -After skip
            task good { }
        } | Invoke-FlowStep -MaxTasks 2
        $run.Tasks.State | Should -BeExactly 'Skipped', 'Skipped', 'Success'
    }

    It 'what needs no body is settled even when the budget is used up' {
        $run = New-Flow branch {
            task bad { throw 'no' }
            task waiting { }
            task after-bad { } -After bad
        } | Invoke-FlowStep -MaxTasks 1
        $run.Tasks.State | Should -BeExactly 'Failed', 'Cancelled', 'TriggerFailed'
    }

    It 'at the end of its time no task is started' {
        $run = New-Chain 2 | Invoke-FlowStep -TimeBudget ([timespan]::FromTicks(1))
        $log.Count | Should -Be 0
        $run.Tasks.State | Should -BeExactly 'Cancelled', 'Cancelled'
    }

    It 'a task that is expected to take longer than the time left is not started' {
        $run = New-Flow tight {
            task short { } -ExpectedDuration 1
            task long { } -ExpectedDuration 01:00:00
            task independent { } -ExpectedDuration 1
        } | Invoke-FlowStep -TimeBudget 00:30:00 -WarningAction SilentlyContinue
        $run.Tasks.State | Should -BeExactly 'Success', 'Cancelled', 'Success'
    }

    It 'a task that no such step could ever start is warned of' {
        $warnings = $null
        $null = New-Flow never { task long { } -ExpectedDuration 01:00:00; task short { } } |
            Invoke-FlowStep -TimeBudget 1800 -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 1
        "$($warnings[0])" | Should -BeLikeExactly "Task 'long'*01:00:00*00:30:00*"
    }

    It 'a task that is longer than the time to the deadline is warned of, one of a subflow among them' {
        $warnings = $null
        $inner = New-Flow inner { task long { } -ExpectedDuration 01:00:00; task short { } }
        $run = New-Flow never { task part -Subflow $inner } |
            Invoke-FlowStep -Deadline ([datetimeoffset]::Now.AddMinutes(30)) -WarningVariable warnings -WarningAction SilentlyContinue
        $run.Tasks[0].Subflow.Tasks.State | Should -BeExactly 'Pending', 'Success'
        @($warnings).Count | Should -Be 1
        "$($warnings[0])" | Should -BeLikeExactly "Task 'part/long'*01:00:00*until*"
    }

    It 'a time budget may be a number of seconds' {
        $run = New-Flow timed { task left { $FlowContext.RemainingTime } } | Invoke-FlowStep -TimeBudget 480
        $run.Tasks[0].Result -le [timespan]::FromMinutes(8) -and $run.Tasks[0].Result -gt [timespan]::FromMinutes(7) |
            Should -BeTrue -Because 'nearly all of it is left'
    }

    It 'without a time budget there is no remaining time' {
        (New-Flow untimed { task left { $FlowContext.RemainingTime } } | Invoke-FlowStep).Tasks[0].Result | Should -Be $null
    }

    It 'both budgets hold at once' {
        $run = New-Chain 3 | Invoke-FlowStep -TimeBudget 01:00:00 -MaxTasks 1
        $log | Should -BeExactly 't1'
        $run.Tasks.State | Should -BeExactly 'Success', 'Cancelled', 'Cancelled'
    }

    It 'budgets are more than nothing' {
        { New-Chain 1 | Invoke-FlowStep -MaxTasks 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-Chain 1 | Invoke-FlowStep -TimeBudget 0 } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -PassThru | Should -BeLikeExactly '*not greater than zero*'
        $log.Count | Should -Be 0
    }

    It 'the given run is left as it was' {
        $before = ConvertTo-FlowState (New-Chain 2)
        $null = $before | Invoke-FlowStep
        $before.Tasks.State | Should -BeExactly 'Pending', 'Pending'
        $before.Step | Should -Be 0
    }

    It 'several runs come down the pipeline one by one' {
        $flow = New-Chain 1
        $runs = @($flow, $flow | Invoke-FlowStep)
        $runs.State | Should -BeExactly 'Success', 'Success'
        $log | Should -BeExactly 't1', 't1'
    }

    It 'with WhatIf nothing runs and nothing changes' {
        $run = ConvertTo-FlowState (New-Chain 2)
        $run | Invoke-FlowStep -WhatIf | Should -BeNullOrEmpty -Because 'it puts out nothing'
        $log.Count | Should -Be 0
        $run.Step | Should -Be 0
    }

    It 'no task runs twice whatever the budget of each step' {
        $run = ConvertTo-FlowState (New-Chain 10)
        $steps = 0
        foreach ($budget in 3, 1, 4, 1, 5) {
            if (-not $run.HasPending) { break }
            $run = $run | Invoke-FlowStep -MaxTasks $budget -ResetCancelled
            $steps++
        }
        $run.State | Should -BeExactly 'Success'
        $steps | Should -Be 5
        $log | Should -BeStrictly (1..10 | ForEach-Object { "t$_" })
    }

    It 'a retry that has to wait does not count as an attempt' {
        $flow = New-Flow retry { task first { }; task again { $FlowContext.RunCount } }
        $json = '[{"slug":"first","type":"Pending"},{"task":{"slug":"again"},"state":{"type":"Retrying","run_count":1,"start_time":"2020-01-01T00:00:00Z"}}]'
        $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
        $run.Tasks.State | Should -BeExactly 'Success', 'Retrying'
        $run.Tasks[1].RunCount | Should -Be 1
        $run = $run | Invoke-FlowStep -MaxTasks 1
        $run.Tasks[1].Result | Should -BeStrictly 2
        $run.Tasks[1].RunCount | Should -Be 2
    }

    It 'after its deadline a step starts no task, and the earlier of deadline and budget counts' {
        $flow = New-Flow deadline { task a { 'a' } }
        $past = [DateTimeOffset]::UtcNow.AddMinutes(-1)
        $run = Invoke-FlowStep $flow -Deadline $past
        $run.Tasks[0].State | Should -BeExactly 'Cancelled'
        $run = Invoke-FlowStep $flow -Deadline $past -TimeBudget 01:00:00
        $run.Tasks[0].State | Should -BeExactly 'Cancelled'
        $run = Invoke-FlowStep $flow -Deadline ([DateTimeOffset]::UtcNow.AddHours(1))
        $run.Tasks[0].State | Should -BeExactly 'Success'
    }
}
