BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'ConditionsAndLoops' {
    It 'of two branches one runs, and a merge runs after it' {
        foreach ($kilos in 0.5, 12) {
            $run = New-Flow conditions {
                task weigh { $kilos }
                task letter { param($k) "letter $k" } -InputFrom @{ k = 'weigh' } -When { param($k) $k -lt 1 }
                task truck { param($k) "truck $k" } -InputFrom @{ k = 'weigh' } -When { param($k) $k -ge 1 }
                task sent { 'sent' } -After letter, truck -Trigger NotAllSkipped -SkipOnUpstreamSkip $false
            } | Invoke-Flow
            $expected = if ($kilos -lt 1) { 'Success', 'Skipped' } else { 'Skipped', 'Success' }
            $run.Tasks[1..2].State | Should -BeExactly $expected
            $run.Tasks[3].State | Should -BeExactly 'Success'
        }
    }

    It 'a condition may look at arguments, and needs no parameters' {
        $run = New-Flow conditions {
            task a { param($n) $n } -Argument @{ n = 3 } -When { param($n) $n -gt 5 }
            task b { 'ran' } -When { $FlowContext.TaskName -eq 'b' }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Skipped', 'Success'
    }

    It 'a condition that fails, fails its task' {
        $run = New-Flow conditions { task a { } -When { throw 'odd' } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
        $run.Tasks[0].Message | Should -BeLikeExactly '*checking the task''s condition: odd'
    }

    It 'a condition over a parameter that the task is given no value for is a clear error' {
        { New-Flow conditions { task a { } -When { param($missing) $missing } } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
    }

    It 'a loop goes round across steps with its count and result' {
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
        $steps | Should -Be 4
        $run.Tasks[0].Result | Should -BeStrictly 10
    }

    It 'a run is repeated from the task that failed, with a flow that was corrected' {
        $log = [Collections.Generic.List[string]]::new()
        $broken = New-Flow mending {
            task a { $log.Add('a') }
            task b { $log.Add('b'); throw 'bug' } -After a
            task c { $log.Add('c') } -After b
            task d { $log.Add('d') } -After a
        }
        $mended = New-Flow mending {
            task a { $log.Add('a') }
            task b { $log.Add('b') } -After a
            task c { $log.Add('c') } -After b
            task d { $log.Add('d') } -After a
        }
        $run = Invoke-Flow $broken
        $run.Tasks.State | Should -BeExactly 'Success', 'Failed', 'TriggerFailed', 'Success'

        $log.Clear()
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $mended
        $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Success', 'Success'
        $log | Should -BeExactly 'b', 'c'
    }
}
