BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Triggers' {
    It 'a clean-up that always runs does so after a failure' {
        $run = New-Flow triggers {
            task work { throw 'broken' }
            task clean { 'clean' } -After work -Trigger AlwaysRun
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Success'
        $run.State | Should -BeExactly 'Success'
    }

    It 'a reference task makes the run fail though the clean-up succeeds' {
        $run = New-Flow triggers -ReferenceTask work {
            task work { throw 'broken' }
            task clean { 'clean' } -After work -Trigger AlwaysRun
        } | Invoke-Flow
        $run.State | Should -BeExactly 'Failed'
    }

    It 'triggers go by the names of Prefect and by our own: <Name>' -ForEach @(
        @{ Name = 'AnyFailed' }
        @{ Name = 'any_failed' }
        @{ Name = 'ANYFAILED' }
    ) {
        $run = New-Flow triggers { task a { throw 'x' }; task b { 'ran' } -After a -Trigger $Name } | Invoke-Flow
        $run.Tasks[1].State | Should -BeExactly 'Success'
    }

    It 'numbers of upstream tasks may be counts or fractions' {
        $flow = New-Flow triggers {
            task good { 1 }
            task bad { throw 'x' }
            task half { 'ran' } -After good, bad -Trigger SomeSuccessful -AtLeast 0.5
            task two { 'ran' } -After good, bad -Trigger SomeSuccessful -AtLeast 2
            task one { 'ran' } -After good, bad -Trigger SomeFailed -AtLeast 1 -AtMost 1
        }
        $run = Invoke-Flow $flow
        $run.Tasks[2..4].State | Should -BeExactly 'Success', 'TriggerFailed', 'Success'
        $run.Tasks[3].Message | Should -BeExactly 'Trigger was "some_successful" but thresholds were not met.'
    }

    It 'a trigger may be a script block that is given the upstream tasks' {
        $run = New-Flow triggers {
            task a { 5 }
            task b { 'ran' } -After a -Trigger { param($upstream) $upstream[0].Result -eq 5 }
            task c { 'ran' } -After a -Trigger { param($upstream) $upstream.Count -gt 1 }
            task d { 'ran' } -After a -Trigger { throw 'odd' }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'TriggerFailed', 'TriggerFailed'
        $run.Tasks[2].Message | Should -BeExactly 'Trigger failed'
        $run.Tasks[3].Message | Should -BeExactly 'Unexpected error while checking task trigger: odd'
    }

    It 'an unknown trigger and numbers that do not fit are clear errors' {
        { New-Flow triggers { task a { } -Trigger nope } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow triggers { task a { } -AtLeast 1 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
    }

    It 'a task with ManualOnly waits, and continues after Resume' {
        $flow = New-Flow triggers { task ask { 'asked' } -Trigger ManualOnly; task deploy { 'deployed' } -After ask }
        $run = Invoke-FlowStep $flow
        $run.State | Should -BeExactly 'Paused'
        $run.HasPending | Should -BeFalse

        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run = $run | Set-FlowTaskState -Task ask -To Resume -Message 'approved by Ada'
        $run.HasPending | Should -BeTrue
        $run = $run | Invoke-FlowStep
        $run.Tasks.State | Should -BeExactly 'Success', 'Success'
    }

    It 'a task may pause itself, and knows when it was resumed' {
        $flow = New-Flow triggers { task ask { if (-not $FlowContext.IsResumed) { Send-FlowSignal -Pause 'look at this' }; 'on' } }
        $run = Invoke-FlowStep $flow
        $run.Tasks[0].Message | Should -BeExactly 'look at this'
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run = $run | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[0].Result | Should -BeExactly 'on'
    }

    It 'a condition, and a task in a runspace of its own, know it too' {
        $flow = New-Flow triggers {
            task ask { 'asked' } -Trigger ManualOnly -When { $FlowContext.IsResumed }
            task look { if (-not $FlowContext.IsResumed) { Send-FlowSignal -Pause }; 'on' } -Timeout 60
        }
        $run = Invoke-FlowStep $flow | Set-FlowTaskState -From Paused -To Resume | Invoke-FlowStep
        $run.Tasks.Result | Should -BeExactly 'asked', 'on'
    }

    It 'an approval is for all passes of a loop' {
        $flow = New-Flow triggers {
            task ask {
                if ($FlowContext.LoopCount -lt 3) { Send-FlowSignal -Loop -Result $FlowContext.LoopCount }
                $FlowContext.LoopResult
            } -Trigger ManualOnly
        }
        $run = Invoke-FlowStep $flow | Set-FlowTaskState -From Paused -To Resume
        for ($steps = 0; $run.HasPending -and $steps -lt 9; $steps++) {
            $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        }
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[0].Result | Should -BeStrictly 2
    }

    It 'what is resumed continues where it was: a loop at its pass, a subflow with what has ended in it' {
        $log = [Collections.Generic.List[string]]::new()
        $inner = New-Flow inner { task before { $log.Add('before') }; task ask { $log.Add('ask') } -After before -Trigger ManualOnly }
        $flow = New-Flow triggers {
            task pages {
                $log.Add("page $($FlowContext.LoopCount)")
                if ($FlowContext.LoopCount -eq 2 -and -not $FlowContext.IsResumed) { Send-FlowSignal -Pause }
                if ($FlowContext.LoopCount -lt 3) { Send-FlowSignal -Loop }
            }
            task sub -Subflow $inner
        }
        $run = Invoke-FlowStep $flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run.Tasks.State | Should -BeExactly 'Paused', 'Paused'
        $run = $run | Set-FlowTaskState -From Paused -To Resume | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks.State | Should -BeExactly 'Success', 'Success'
        $log | Should -BeExactly 'page 1', 'page 2', 'before', 'page 2', 'page 3', 'ask'
    }

    It 'an approval may be put off: the task runs at its time, and is not asked about again' {
        $flow = New-Flow triggers { task ask { 'asked' } -Trigger ManualOnly }
        $run = Invoke-FlowStep $flow | Set-FlowTaskState -To Resume |
            Set-FlowTaskState -To Scheduled -StartTime ([DateTimeOffset]::UtcNow.AddMinutes(-1))
        ($run | Invoke-FlowStep).State | Should -BeExactly 'Success'
    }
}
