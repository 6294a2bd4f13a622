BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Invoke-Flow' {
    It 'a flow runs to its end in one step' {
        $run = New-Flow whole { task a { 1 }; task b { 2 } -After a } | Invoke-Flow
        $run.State | Should -BeExactly 'Success'
        $run.Message | Should -BeExactly 'All reference tasks succeeded.'
        $run.Tasks.State | Should -BeExactly 'Success', 'Success'
        $run.Tasks.Message | Should -BeExactly 'Task run succeeded.', 'Task run succeeded.'
        $run.Step | Should -Be 1
        $run.HasPending | Should -BeExactly $false
    }

    It 'each call is a run of its own' {
        $flow = New-Flow again { task a { $FlowContext.RunId } }
        $first = Invoke-Flow $flow
        $second = Invoke-Flow $flow
        $first.RunId | Should -Not -Be $second.RunId -Because 'the ids differ'
        $first.Tasks[0].Result | Should -BeStrictly $first.RunId
    }

    It 'a failed task makes the run Failed and what comes after TriggerFailed' {
        $run = New-Flow broken { task a { throw 'no' }; task b { } -After a; task c { } -After b; task free { } } | Invoke-Flow
        $run.State | Should -BeExactly 'Failed'
        $run.Message | Should -BeExactly 'Some reference tasks failed.'
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed', 'TriggerFailed', 'Success'
        $run.Tasks[1].Message | Should -BeExactly 'Trigger was "all_successful" but some of the upstream tasks failed.'
        $run.HasPending | Should -BeExactly $false
    }

    It 'a failed task throws nothing at the caller' {
        $run = New-Flow broken { task a { throw 'no' } } | Invoke-Flow -ErrorVariable faults
        $run.State | Should -BeExactly 'Failed'
        @($faults).Count | Should -Be 0
    }

    It 'an empty flow is a success' {
        (New-Flow empty | Invoke-Flow).State | Should -BeExactly 'Success'
    }

    It 'times are in UTC and in order' {
        $run = New-Flow timed { task a { } } | Invoke-Flow
        $task = $run.Tasks[0]
        $task.StartTime.Offset | Should -BeStrictly ([timespan]::Zero)
        $run.StartTime -le $task.StartTime -and $task.StartTime -le $task.EndTime |
            Should -BeTrue -Because 'the run starts before its task, and that before it ends'
        $task.Duration | Should -BeStrictly ($task.EndTime - $task.StartTime)
    }

    It 'with WhatIf nothing runs' {
        $log = [Collections.Generic.List[string]]::new()
        New-Flow careful { task a { $log.Add('ran') } } | Invoke-Flow -WhatIf | Should -BeNullOrEmpty
        $log.Count | Should -Be 0
    }

    It 'a flow may run another flow' {
        $inner = New-Flow inner { task answer { 42 } }
        $outer = New-Flow outer { task ask { (Invoke-Flow $inner).Tasks[0].Result } } | Invoke-Flow
        $outer.Tasks[0].Result | Should -BeStrictly 42
    }
}
