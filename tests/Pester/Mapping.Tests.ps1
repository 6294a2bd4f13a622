BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Mapping' {
    It 'a mapped task runs once for each element, and its result is an array of all' {
        $run = New-Flow mapping {
            task numbers { 1, 2, 3 }
            task square { param($n) $n * $n } -Map @{ n = 'numbers' }
            task sum { param($all) $sum = 0; foreach ($n in $all) { $sum += $n }; $sum } -InputFrom @{ all = 'square' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeStrictly 1, 4, 9
        $run.Tasks[2].Result | Should -BeStrictly 14
        $run.Tasks[1].State | Should -BeExactly 'Mapped'
        $run.Tasks[1].Children.Slug | Should -BeExactly 'square[0]', 'square[1]', 'square[2]'
        $run.Tasks[1].Children.State | Should -BeExactly 'Success', 'Success', 'Success'
    }

    It 'children travel one by one from step to step' {
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
        $steps | Should -Be 5
        $log | Should -BeStrictly 1, 2, 3
        $run.Tasks[2].Result | Should -BeStrictly 3
    }

    It 'a child knows its index' {
        $run = New-Flow mapping {
            task letters { 'a', 'b' }
            task each { param($x) "$x$($FlowContext.MapIndex)" } -Map @{ x = 'letters' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeExactly 'a0', 'b1'
    }

    It 'mapped and unmapped inputs and arguments go together' {
        $run = New-Flow mapping {
            task a { 1, 2, 3 }
            task b { 10, 20 }
            task c { 'c' }
            task each { param($x, $y, $z, $w) "$x $y $z $w" } -Map @{ x = 'a'; y = 'b' } -InputFrom @{ z = 'c' } -Argument @{ w = 'w' }
        } | Invoke-Flow
        $run.Tasks[3].Result | Should -BeExactly '1 10 c w', '2 20 c w'
    }

    It 'a list of one file, and of none, are lists all the same' {
        $run = New-Flow mapping {
            task one { 'only' }
            task none { }
            task eachOne { param($x) "<$x>" } -Map @{ x = 'one' }
            task eachNone { param($x) "<$x>" } -Map @{ x = 'none' }
        } | Invoke-Flow
        $run.Tasks[2].Children.Count | Should -Be 1
        $run.Tasks[3].Children.Count | Should -Be 0
        $run.State | Should -BeExactly 'Success'
    }

    It 'a number cannot be mapped over, and the error says what to do' {
        $run = New-Flow mapping { task n { 5 }; task each { param($x) $x } -Map @{ x = 'n' } } | Invoke-Flow
        $run.Tasks[1].State | Should -BeExactly 'Failed'
        $run.Tasks[1].Error.Message | Should -BeLikeExactly '*returns a list with*'
        $run = New-Flow mapping { task n { , @(5) }; task each { param($x) $x } -Map @{ x = 'n' } } | Invoke-Flow
        $run.Tasks[1].Children.Count | Should -Be 1
    }

    It 'only the children that failed are run again' {
        $source = @{ Broken = $true }
        $log = [Collections.Generic.List[int]]::new()
        $flow = New-Flow mapping {
            task numbers { 1, 2, 3 }
            task each { param($n) $log.Add($n); if ($source.Broken -and $n -eq 2) { throw 'bug' }; $n } -Map @{ n = 'numbers' }
            task all { param($n) "$n" } -InputFrom @{ n = 'each' }
        }
        $run = Invoke-Flow $flow
        $run.State | Should -BeExactly 'Failed'

        $source.Broken = $false
        $log.Clear()
        $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
        $log | Should -BeStrictly 2
        $run.Tasks[2].Result | Should -BeExactly '1 2 3'
    }

    It 'of a map over a map too, only the children that failed and those behind them are run again' {
        $source = @{ Broken = $true }
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow mapping {
            task numbers { 1, 2, 3 }
            task a { param($n) $log.Add("a$n"); if ($source.Broken -and $n -eq 3) { throw 'bug' }; $n } -Map @{ n = 'numbers' }
            task b { param($n) $log.Add("b$n"); $n } -Map @{ n = 'a' }
            task all { param($n) "$n" } -InputFrom @{ n = 'b' }
        }
        $run = Invoke-Flow $flow

        $source.Broken = $false
        $log.Clear()
        $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | Invoke-Flow
        $log | Should -BeExactly 'a3', 'b3'
        $run.Tasks[3].Result | Should -BeExactly '1 2 3'
    }

    It 'a map ends early, and says so: <form>' -ForEach @(
        @{ form = 'parameters'; make = { param($log) New-Flow early {
                    task ask { param($n) $log.Add($n); if ($n -eq 1) { throw 'bad' }; $n * 10 } -MapArgument @{ n = 1..6 } -MapAtLeast 0.5
                    task all { param($n) "$n" } -InputFrom @{ n = 'ask' }
                } } }
        @{ form = 'rows'; make = { param($log) New-Flow early -Task @(
                    @{ Name = 'ask'; ScriptBlock = { param($n) $log.Add($n); if ($n -eq 1) { throw 'bad' }; $n * 10 }.GetNewClosure(); MapArgument = @{ n = 1..6 }; MapAtLeast = 0.5 }
                    @{ Name = 'all'; ScriptBlock = { param($n) "$n" }; InputFrom = @{ n = 'ask' } }) } }
    ) {
        $log = [Collections.Generic.List[int]]::new()
        $flow = & $make $log
        (Get-FlowTask $flow ask).MapAtLeast | Should -Be 0.5
        $steps = 0
        $run = $null | ConvertTo-FlowState -Flow $flow
        while ($run.HasPending) {
            $steps++
            $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        }
        $steps | Should -Be 5
        $log | Should -BeStrictly 1, 2, 3, 4
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeExactly '20 30 40'
        $run.Tasks[0].Children.State | Should -BeExactly 'Failed', 'Success', 'Success', 'Success', 'Skipped', 'Skipped'
        $run.Tasks[0].Children[5].Message | Should -BeExactly 'Not begun: 3 of 6 children have succeeded, and -MapAtLeast 0.5 is reached.'
        ($run | Get-FlowResult -Task ask) | Should -BeStrictly 20, 30, 40
    }

    It 'more failures than may be end the map, in a separate runspace, too' {
        $flow = New-Flow early {
            task ask { param($n) throw "bad $n" } -MapArgument @{ n = 1..40 } -MapAtMostFailed 1
            task all { param($n) "$n" } -InputFrom @{ n = 'ask' }
        }
        $run = Invoke-Flow $flow -ThrottleLimit 3
        $run.State | Should -BeExactly 'Failed'
        $failed = @($run.Tasks[0].Children | Where-Object State -EQ Failed).Count
        $failed | Should -BeGreaterThan 1
        $failed | Should -BeLessThan 6
        @($run.Tasks[0].Children | Where-Object State -EQ Skipped).Count | Should -Be (40 - $failed)
        $run.Tasks[0].Message | Should -BeLikeExactly '*more failed than -MapAtMostFailed 1.'
        @(Get-FlowPlan (New-Flow early { task ask { param($n) $n } -MapArgument @{ n = 1..4 } -MapAtLeast 2 })).Action | Should -BeExactly 'Run', 'Run', 'Run', 'Skip', 'Skip'
    }

    It 'what is wrong with a map is said when it is defined' {
        { New-Flow mapping { task b { } -MapAtLeast 1 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow mapping { task b { param($x) } -MapArgument @{ x = 1, 2 } -MapAtMostFailed -1 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow mapping { task b { param($x) } -MapArgument @{ x = 1, 2 } -MapAtLeast 1.5 } } | Should -Throw '*a whole number from 1 to 1000000, or a fraction of them below 1; 1.5 is neither*'
        { New-Flow mapping { task a { }; task b { param($x) } -Map @{ y = 'a' } } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow mapping { task a { }; task b { } -Flatten } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow mapping { task b { param($x) } -Map @{ x = 'gone' } } } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
    }
}
