BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Subflows' {
    It 'a task whose body is a flow gives the result of its last task' {
        $inner = New-Flow inner {
            task a { 20 }
            task b { param($x) $x + 1 } -InputFrom @{ x = 'a' }
        }
        $flow = New-Flow outer
        Add-FlowTask $flow part -Subflow $inner
        $flow | Add-FlowTask end { param($x) $x * 2 } -InputFrom @{ x = 'part' }
        $run = Invoke-Flow $flow
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeStrictly 42
        $run.Tasks[0].Subflow.Tasks.State | Should -BeExactly 'Success', 'Success'
    }

    It 'a subflow can be defined where it is used' {
        $run = New-Flow outer {
            task part -Subflow (New-Flow inner { task a { 'in' } })
            task end { param($x) "$x and out" } -InputFrom @{ x = 'part' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeExactly 'in and out'
    }

    It 'its tasks run within the step budget, through JSON each time, each once' {
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
        $steps | Should -Be 4
        $log | Should -BeExactly 'begin', 'a', 'b', 'end'
        $run.Tasks[2].Result | Should -BeStrictly 2
    }

    It 'it takes arguments, inputs and the outer flow''s parameters as its own' {
        $inner = New-Flow inner -Parameter { param([int]$Count, [string]$Place, $What) } {
            task say { param($Count, $Place, $What) "$Count $What in $Place" }
        }
        $flow = New-Flow outer -Parameter @{ Place = 'Bern'; Other = 1 } {
            task what { 'trees' }
            task part -Subflow $inner -Argument @{ Count = 3 } -InputFrom @{ What = 'what' }
        }
        (Invoke-Flow $flow).Tasks[1].Result | Should -BeExactly '3 trees in Bern'
        (Invoke-Flow $flow -Parameter @{ Place = 'Rome' }).Tasks[1].Result | Should -BeExactly '3 trees in Rome'
        { New-Flow outer { task part -Subflow $inner -Argument @{ Nothing = 1 } } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
    }

    It 'a flow that would run itself is one clear error' {
        $a = New-Flow a
        $b = New-Flow b { task runsA -Subflow $a }
        { Add-FlowTask $a runsB -Subflow $b } | Should -Throw -ErrorId 'FlowCycle,*'
        { Add-FlowTask $a runsA -Subflow $a } | Should -Throw -ErrorId 'FlowCycle,*'
    }

    It 'a failed one is corrected by resetting what failed in it, and nothing else runs again' {
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
        $run.State | Should -BeExactly 'Failed'
        $run.Tasks[0].Message | Should -BeLikeExactly "Subflow 'inner' failed: task 'b': *boom*"
        $run = $run | Set-FlowTaskState -From Failed, TriggerFailed -To Pending | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'a', 'b', 'b', 'end'
    }

    It 'one behind a task that is done again starts again, with what there is now' {
        $inner = New-Flow inner -Parameter @{ x = '' } {
            task first { param($x) "first $x" }
            task second { param($f) if ($f -like '*old*') { throw 'bad' }; $f } -InputFrom @{ f = 'first' }
        }
        $source = @{ Value = 'old' }
        $flow = New-Flow outer {
            task a { $source.Value }
            task part -Subflow $inner -InputFrom @{ x = 'a' }
        }
        $run = Invoke-Flow $flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Failed'
        $source.Value = 'new'
        $run = $run | Set-FlowTaskState -Task a -To Pending -IncludeDownstream | Invoke-Flow
        $run.Tasks[1].Result | Should -BeExactly 'first new'
    }

    It 'one that waits for approval is resumed by the path of the task in it' {
        $inner = New-Flow inner {
            task plan { 'plan' }
            task approve { 'go' } -After plan -Trigger ManualOnly
        }
        $flow = New-Flow outer { task part -Subflow $inner; task end { 'end' } -After part }
        $run = Invoke-FlowStep $flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run.State | Should -BeExactly 'Paused'
        ($run | Get-FlowTask -Name part/approve).State | Should -BeExactly 'Paused'
        $run = $run | Set-FlowTaskState -Task part/approve -From Paused -To Resume -Message 'ann: looks good' | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeExactly 'end'
    }

    It 'it can be mapped, and its tasks run side by side' {
        $inner = New-Flow inner -Parameter @{ Name = '' } {
            task a { param($Name) "<$Name>" }
            task b { param($x) "$x!" } -InputFrom @{ x = 'a' }
        }
        $flow = New-Flow outer {
            task names { 'p', 'q', 'r' }
            task each -Subflow $inner -Map @{ Name = 'names' }
        }
        (Invoke-Flow $flow).Tasks[1].Result | Should -BeExactly '<p>!', '<q>!', '<r>!'
        $run = Invoke-Flow $flow -ThrottleLimit 3
        $run.Tasks[1].Result | Should -BeExactly '<p>!', '<q>!', '<r>!'
        ($run | Get-FlowTask -Name 'each`[1`]/b').Result | Should -BeExactly '<q>!'
    }

    It 'a task has a script block or a subflow, one of them' {
        $inner = New-Flow inner { task a { } }
        { New-Flow outer { task part } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow outer { task part { 1 } -Subflow $inner } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
    }
}
