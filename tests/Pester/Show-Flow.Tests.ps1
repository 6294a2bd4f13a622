BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Show-Flow' {
    BeforeAll {
        function New-Wide([int] $Count) {
            $wide = New-Flow wide { task begin { } }
            for ($i = 0; $i -lt $Count; $i++) { Add-FlowTask $wide "part$i" { } -After begin }
            $wide
        }
    }

    BeforeEach {
        $folder = New-TestFolder
        $flow = New-Flow nightly {
            task list { 'A', 'B', 'C' } -Tag load
            task rates { 1.1 } -Tag load
            task load { param($file) if ($file -eq 'B') { throw 'no B today' }; $file } -Map @{ file = 'list' }
            task mail { 'sent' } -After load, rates
            task archive { 'kept' } -After load
        }
    }

    It 'a flow is a tree of its tasks' {
        ($flow | Show-Flow -Ascii).Text | Should -BeStrictly @(
            'nightly'
            'list'
            'v load <map>'
            '|- mail (and after rates)'
            '`- archive'
            'rates'
        )
    }

    It 'a run shows states and messages, and the children of mapped tasks' {
        $rows = Invoke-Flow $flow | Show-Flow -Ascii
        $rows[0].State | Should -BeExactly 'Failed'
        $rows[0].Message | Should -BeExactly 'Some reference tasks failed.'
        $rows[3..5].Text | Should -BeExactly ':  load[0]', ':  load[1]', ':  load[2]'
        $rows[3..5].State | Should -BeExactly 'Success', 'Failed', 'Success'
        $rows[4].Message | Should -BeLikeExactly '*no B today'
    }

    It 'what others have asked of a recorded run stands behind its tasks' {
        $recorded = New-Flow recorded -Store $folder { task a { }; task ask { if (-not $FlowContext.IsResumed) { Send-FlowSignal -Pause } } -After a }
        $null = Invoke-FlowStep $recorded -RunId r
        (Get-FlowRun $recorded -RunId r | Show-Flow -Ascii).Text | Should -BeStrictly 'recorded', 'a', 'v ask'
        $null = Get-FlowRun $recorded -RunId r | Suspend-FlowRun -RequestedBy ann -Reason 'server down'
        $null = Get-FlowRun $recorded -RunId r | Set-FlowTaskState -Task ask -To Resume
        $rows = @(Get-FlowRun -Store $folder | Show-Flow -Ascii -WarningAction SilentlyContinue)
        $rows[-2].Message, $rows[-1].Message | Should -BeStrictly 'Suspended by ann: server down', "ask set by $([Environment]::UserName)@$([Environment]::MachineName)"
        $rows[-2].Text | Should -Match '^20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ$'
        $rows[-2].State, $rows[-1].State | Should -Be 'Paused', 'Resume'
        (Get-FlowRun $recorded -RunId r | Show-Flow -Task a).Text | Should -BeStrictly 'recorded', 'a'
    }

    It 'only what is asked for is shown' {
        $run = Invoke-Flow $flow
        ($run | Show-Flow -State Failed, TriggerFailed -Ascii).Text |
            Should -BeExactly 'nightly', 'load <map>', ':  load[1]', '|- mail', '`- archive'
        (Show-Flow $flow -Tag load).Text | Should -BeExactly 'nightly', 'list', 'rates'
        (Show-Flow $flow list, rates, MAIL -Ascii).Text | Should -BeExactly 'nightly', 'list', 'v mail (and after rates)', 'rates'
    }

    It 'what comes next keeps its depth, what branches off is a step in' {
        $long = New-Flow long {
            task a { }
            task b { } -After a
            task side { } -After b
            task c { } -After b
            task d { } -After c
        }
        ($long | Show-Flow -Ascii).Text | Should -BeExactly 'long', 'a', 'v b', '|- side', 'v c', 'v d'
        ($long | Show-Flow -Ascii -Depth 0).Text | Should -BeExactly 'long', 'a', 'v b +1', 'v c', 'v d'
    }

    It 'a thousand tasks that are alike are one line' {
        $wide = New-Wide 1000
        $rows = $wide | Show-Flow -Ascii
        $rows.Text | Should -BeExactly 'wide', 'begin', '`- part0 ... part999 (1000)'
        $rows[2].Slugs.Count | Should -Be 1000
        @($wide | Show-Flow -All).Count | Should -Be 1002
        ($wide | Show-Flow -Task part7).Text | Should -BeExactly 'wide', 'part7'
        $run = $wide | Invoke-FlowStep -MaxTasks 11
        ($run | Show-Flow).State | Should -BeExactly 'Cancelled', 'Success', 'Success', 'Cancelled'
        ($run | Show-Flow -Ascii).Text[3] | Should -BeExactly '`- part10 ... part999 (990)'
    }

    It 'a flow inside a task is shown in it, and alone' {
        $inner = New-Flow inner { task first { 1 }; task second { 2 } -After first }
        $outer = New-Flow outer { task before { 0 }; task whole -Subflow $inner -After before }
        ($outer | Show-Flow -Ascii).Text | Should -BeExactly 'outer', 'before', 'v whole', ':  first', ':  v second'
        (Invoke-Flow $outer | Get-FlowTask whole | Show-Flow -Ascii).Text | Should -BeExactly 'inner', 'first', 'v second'
        ($outer | Show-Flow -Task whole/second -Ascii).Text | Should -BeExactly 'outer', 'whole', ':  second'
    }

    It 'a recorded run is shown and drawn as Get-FlowRun gets it, without its flow as an outline' {
        $stored = New-Flow stored -Store $folder { task a { 1 }; task b { throw 'no' } -After a }
        $null = Invoke-Flow $stored
        $rows = Get-FlowRun $stored | Show-Flow -Ascii
        $rows.Text | Should -BeExactly 'stored', 'a', 'v b'
        $rows.State | Should -BeExactly 'Failed', 'Success', 'Failed'
        (Get-FlowRun $stored | Export-FlowDiagram) -join ' ' | Should -BeLikeExactly '*t1 --> t2*'
        $outline = Get-FlowRun -Store $folder | Show-Flow -Ascii -WarningVariable warnings -WarningAction SilentlyContinue
        $outline.Text | Should -BeExactly 'stored', 'a', 'b'
        $outline.State | Should -BeExactly 'Failed', 'Success', 'Failed'
        $warnings[0] | Should -BeLikeExactly "The dependencies of the tasks of run '*' are not known without its flow. *"
    }

    It 'a name that the flow does not have is an error, and so are states of a flow' {
        $faults = $null
        $null = $flow | Show-Flow -Task nowhere -ErrorAction SilentlyContinue -ErrorVariable faults
        $faults[0].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowTaskNotFound,*'
        { $flow | Show-Flow -State Failed } | Should -Throw -ErrorId 'FlowInvalid,*'
        { 42 | Show-Flow } | Should -Throw -ErrorId 'FlowRequired,*'
    }
}
