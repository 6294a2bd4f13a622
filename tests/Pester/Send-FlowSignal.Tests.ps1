BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Send-FlowSignal' {
    It 'in a task, each signal ends it in its state' {
        $run = New-Flow signals {
            task fails { Send-FlowSignal -Fail 'not good'; throw 'not reached' }
            task skips { Send-FlowSignal -Skip 'nothing to do'; throw 'not reached' }
            task succeeds { Send-FlowSignal -Success 'enough'; throw 'not reached' }
            task ends { Send-FlowSignal -EndRun 'no more'; throw 'not reached' }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Skipped', 'Success', 'Cancelled'
        $run.Tasks.Message | Should -BeExactly 'not good', 'nothing to do', 'enough', 'no more'
    }

    It 'a signal may carry a result' {
        $run = New-Flow signals {
            task early { Send-FlowSignal -Success -Result 41 }
            task next { param($n) $n + 1 } -InputFrom @{ n = 'early' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeStrictly 42
    }

    It 'output before a signal is not a result' {
        $run = New-Flow signals { task a { 'lost'; Send-FlowSignal -Success } } | Invoke-Flow
        $run.Tasks[0].Result | Should -Be $null
    }

    It 'EndRun ends in the state of its choice' {
        $run = New-Flow signals { task a { Send-FlowSignal -EndRun -State TimedOut 'too slow' } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'TimedOut'
        $run.Tasks[0].Message | Should -BeExactly 'too slow'
    }

    It 'a signal is sent from a function that the task calls' {
        function Stop-Early { Send-FlowSignal -Skip 'from below' }
        $run = New-Flow signals { task a { Stop-Early } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Skipped'
        $run.Tasks[0].Message | Should -BeExactly 'from below'
    }

    It 'a finally block runs before a signal ends the task' {
        $log = [Collections.Generic.List[string]]::new()
        $run = New-Flow signals { task a { try { Send-FlowSignal -Skip } finally { $log.Add('cleaned up') } } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Skipped'
        $log | Should -BeExactly 'cleaned up'
    }

    It 'what comes after a skip is skipped' {
        $run = New-Flow signals { task a { Send-FlowSignal -Skip }; task b { } -After a; task c { } -After b } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Skipped', 'Skipped', 'Skipped'
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Message | Should -BeLikeExactly 'Upstream task was skipped*'
    }

    It 'in a handler, EndRun ends the task in its state before it runs' {
        $log = [Collections.Generic.List[string]]::new()
        $run = New-Flow signals {
            task a { $log.Add('ran') } -StateHandler {
                param($task, $old, $new)
                if ($new.IsRunning) { Send-FlowSignal -EndRun -State Cancelled 'not today' }
            }
        } | Invoke-Flow
        $log.Count | Should -Be 0
        $run.Tasks[0].State | Should -BeExactly 'Cancelled'
        $run.Tasks[0].Message | Should -BeExactly 'not today'
    }

    It 'in a handler, a signal replaces the state' {
        $run = New-Flow signals {
            task a { 1 } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { Send-FlowSignal -Fail 'one is not enough' } }
            task b { } -StateHandler { param($task, $old, $new) if ($new.IsRunning) { Send-FlowSignal -Skip 'not needed' } }
            task c { throw 'bad' } -StateHandler {
                param($task, $old, $new)
                if ($new.IsFailed) { Send-FlowSignal -Success 'good enough' -Result 7 }
            }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Skipped', 'Success'
        $run.Tasks.Message | Should -BeExactly 'one is not enough', 'not needed', 'good enough'
        $run.Tasks[2].Result | Should -BeStrictly 7
    }

    It 'outside a flow a signal is an error that can be caught' {
        $caught = { Send-FlowSignal -Fail 'nobody listens' } | Should -Throw -ErrorId 'FlowSignal,*' -PassThru
        $caught | Should -BeLikeExactly 'nobody listens'
        $caught.TargetObject | Should -BeExactly 'Failed'
    }

    It 'one signal is sent at a time' {
        { Send-FlowSignal -Fail -Skip } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}
