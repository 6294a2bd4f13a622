BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'TaskNames' {
    BeforeAll {
        $run = New-Flow names {
            task m1 { 'one' }
            task numbers { 1, 2, 3 }
            task m { param($x) if ($x -eq 2) { throw 'two' }; "m$x" } -Map @{ x = 'numbers' }
        } | Invoke-Flow

        $inner = New-Flow inner -Parameter @{ n = 0 } {
            task ok { 'fine' }
            task check { param($n) if ($n -eq 2) { throw 'two' }; $n }
        }
        $nested = New-Flow outer {
            task numbers { 1, 2 }
            task s -Subflow $inner -Map @{ n = 'numbers' }
        } | Invoke-Flow
    }

    It 'm[1] is that child, and not a task m1: <Name>' -ForEach @(
        @{ Name = 'Get-FlowTask'; Choose = { param($run) (Get-FlowTask $run 'm[1]').Slug } }
        @{ Name = 'Get-FlowTask, in capitals'; Choose = { param($run) (Get-FlowTask $run 'M[1]').Slug } }
        @{ Name = 'Get-FlowTask, escaped'; Choose = { param($run) (Get-FlowTask $run 'm`[1`]').Slug } }
        @{ Name = 'Set-FlowTaskState'; Choose = {
                param($run)
                $changed = $run | Set-FlowTaskState -Task 'm[1]' -To Skipped
                ($changed.Tasks + $changed.Tasks.Children | Where-Object State -eq Skipped).Slug
            }
        }
        @{ Name = 'Get-FlowHistory'; Choose = { param($run) ($run | Get-FlowHistory -Task 'm[1]').Task | Select-Object -Unique } }
    ) {
        & $Choose $run | Should -BeExactly 'm[1]'
    }

    It 'a child has its own result' {
        Get-FlowResult $run 'm[2]' | Should -BeExactly 'm3'
        @(Get-FlowResult $run 'm[0]', m1) | Should -BeExactly 'one', 'm1'
    }

    It 'a name that a child or a task in a subflow has too, is refused: <Name>' -ForEach @(
        @{ Name = 'a child'; Define = { New-Flow two { task list { 1 }; task x { param($n) $n } -Map @{ n = 'list' }; task 'X[0]' { 1 } } } }
        @{ Name = 'a child, defined before'; Define = { New-Flow two { task 'x[0]' { 1 }; task list { 1 }; task x { param($n) $n } -Map @{ n = 'list' } } } }
        @{ Name = 'a task in a subflow'; Define = { New-Flow two { task a -Subflow $inner; task 'a/ok' { 1 } } } }
        @{ Name = 'a slug'; Define = { New-Flow two { task a -Subflow $inner; task other { 1 } -Slug 'a/ok' } } }
    ) {
        $Define | Should -Throw -ErrorId 'FlowTaskExists,*'
    }

    It 'a task of exactly that name is one where no task of the other name is mapped' {
        $same = New-Flow same {
            task 'x[0]' { 'the task' }
        } | Invoke-Flow
        Get-FlowResult $same 'x[0]' | Should -BeExactly 'the task'
        (Get-FlowTask $same 'x[0]').State | Should -Be Success
    }

    It 'brackets are a wildcard where no mapped task has that name' {
        (Get-FlowTask $run '[mn]*').Slug | Should -BeExactly 'm1', 'numbers', 'm'
        (Get-FlowTask $run 'm[0-9]').Slug | Should -BeExactly 'm1'
    }

    It 'a child that the mapped task does not have is an error: <Name>' -ForEach @(
        @{ Name = 'Get-FlowTask'; Choose = { param($run) Get-FlowTask $run 'm[3]' } }
        @{ Name = 'Get-FlowResult'; Choose = { param($run) Get-FlowResult $run 'm[3]' } }
        @{ Name = 'Set-FlowTaskState'; Choose = { param($run) $run | Set-FlowTaskState -Task 'm[3]' -To Pending } }
        @{ Name = 'a subflow'; Choose = { param($run, $nested) Get-FlowTask $nested 's[2]/ok' } }
        @{ Name = 'Get-FlowResult, a stream'; Choose = { param($run) $run.Tasks | Get-FlowResult 'm[3]' } }
        @{ Name = 'Set-FlowTaskState, a stream'; Choose = { param($run) $run.Tasks | Set-FlowTaskState -Task 'm[3]' -To Pending } }
    ) {
        { & $Choose $run $nested } | Should -Throw -ErrorId 'FlowTaskNotFound*'
    }

    It 'a name through a child that has no such task is an error, and no wildcard: <Name>' -ForEach @(
        @{ Name = 'Get-FlowTask'; Choose = { param($run, $nested) Get-FlowTask $nested 's[0]/nope' } }
        @{ Name = 'Get-FlowTask, escaped'; Choose = { param($run, $nested) Get-FlowTask $nested 's`[0`]/nope' } }
        @{ Name = 'Get-FlowTask, of no subflow'; Choose = { param($run) Get-FlowTask $run 'm[1]/x' } }
        @{ Name = 'Get-FlowTask, of a flow'; Choose = { param($run, $nested) Get-FlowTask $nested.Flow 's[0]/nope' } }
        @{ Name = 'Get-FlowResult'; Choose = { param($run, $nested) Get-FlowResult $nested 's[0]/nope' } }
        @{ Name = 'Set-FlowTaskState'; Choose = { param($run, $nested) $nested | Set-FlowTaskState -Task 's[0]/nope' -To Pending } }
        @{ Name = 'Get-FlowResult, a stream'; Choose = { param($run, $nested) $nested.Tasks | Get-FlowResult 's[0]/nope' } }
        @{ Name = 'Set-FlowTaskState, a stream'; Choose = { param($run, $nested) $nested.Tasks | Set-FlowTaskState -Task 's[0]/nope' -To Pending } }
    ) {
        { & $Choose $run $nested } | Should -Throw -ErrorId 'FlowTaskNotFound*'
    }

    It 'what is behind a child may be a wildcard, which may choose nothing' {
        (Get-FlowTask $nested 's[1]/*').State | Should -BeExactly 'Success', 'Failed'
        (Get-FlowTask $nested 's[1]/o[jk]').State | Should -BeExactly 'Success'
        Get-FlowTask $nested 's[1]/n*' | Should -Be $null
    }

    It 'in a stream of task states, children and tasks of subflows have their results, and a missing name is told once' {
        $run.Tasks | Get-FlowResult 'm[2]' | Should -BeExactly 'm3'
        @($nested.Tasks | Get-FlowResult 's/ok') | Should -BeExactly 'fine', 'fine'
        @($nested.Tasks | Get-FlowResult 's[0]/check') | Should -BeStrictly 1
        $run.Tasks | Get-FlowResult nope -ErrorAction SilentlyContinue -ErrorVariable faults
        @($faults | Where-Object FullyQualifiedErrorId -like 'FlowTaskNotFound*').Count | Should -Be 1
    }

    It 's/ok is the task in the subflow of every child, s[1]/ok in that of one' {
        @(Get-FlowTask $nested 's/ok').Count | Should -Be 2
        @(Get-FlowTask $nested 's[1]/check').State | Should -BeExactly 'Failed'
        @(Get-FlowTask $nested 's/*').Count | Should -Be 4
        @(Get-FlowTask $nested 's[[]0]/*').Count | Should -Be 2
    }

    It 'a task is changed in the subflow of every child, or of one' {
        $every = $nested | Set-FlowTaskState -Task s/ok -To Pending
        $every.Tasks[1].Children.Subflow | ForEach-Object { (Get-FlowTask $_ ok).State } | Should -Be Pending, Pending
        $one = $nested | Set-FlowTaskState -Task 's[1]/ok' -To Pending
        $one.Tasks[1].Children.Subflow | ForEach-Object { (Get-FlowTask $_ ok).State } | Should -Be Success, Pending
    }

    It 'a mapped task is approved where its children wait, and keeps the others' {
        $flow = New-Flow asks {
            task numbers { 1, 2, 3 }
            task m { param($x) if ($x -eq 2 -and -not $FlowContext.IsResumed) { Send-FlowSignal -Pause }; "m$x" } -Map @{ x = 'numbers' }
        }
        $approved = Invoke-Flow $flow | Set-FlowTaskState -Task m -To Resume
        (Get-FlowTask $approved m).State | Should -BeExactly 'Mapped'
        (Get-FlowTask $approved m).Children.State | Should -Be Success, Resume, Success
        $ended = $approved | Invoke-FlowStep
        $ended.State | Should -BeExactly 'Success'
        (Get-FlowTask $ended m).Result | Should -BeStrictly 'm1', 'm2', 'm3'
    }

    It 'the history of s/ok is that of every child' {
        ($nested | Get-FlowHistory -Task s/ok).Task | Sort-Object -Unique | Should -BeExactly 's[0]/ok', 's[1]/ok'
    }

    It 'names do not depend on the culture' {
        $thread = [Threading.Thread]::CurrentThread
        $before = $thread.CurrentCulture
        try {
            $thread.CurrentCulture = 'tr-TR'
            $flow = New-Flow culture { task INIT { 1 } -Tag FILE; task file { 2 } }
            (Get-FlowTask $flow init).Slug | Should -BeExactly 'INIT'
            (Get-FlowTask $flow 'i*').Slug | Should -BeExactly 'INIT'
            (Get-FlowTask $flow 'FIL*').Slug | Should -BeExactly 'file'
            (Get-FlowTask $flow -Tag 'fil*').Slug | Should -BeExactly 'INIT'
        }
        finally { $thread.CurrentCulture = $before }
    }
}
