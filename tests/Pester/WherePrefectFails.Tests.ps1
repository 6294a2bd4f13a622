# Failures of the original step-by-step trick, each shown right here. The letters are those of the design's list.

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'WherePrefectFails' {
    BeforeAll {
        function Complete-Run($Run, [int] $MaxTasks, [int] $MostSteps) {
            # Step by step through JSON, as between processes, until nothing is pending.
            while ($Run.HasPending) {
                if ($Run.Step -ge $MostSteps) { throw "the run does not end: $($Run.Step) steps, still $($Run.State)" }
                $Run = $Run | Invoke-FlowStep -MaxTasks $MaxTasks -ResetCancelled |
                    ConvertFrom-FlowState | ConvertTo-FlowState -Flow $Run.Flow
            }
            $Run
        }
    }

    BeforeEach {
        $folder = New-TestFolder
        $log = [Collections.Generic.List[string]]::new()
    }

    It 'a: the budget belongs to the step, and the same session continues without a reset of anything' {
        $flow = New-Flow counter { foreach ($n in 1..6) { task "t$n" { $log.Add($FlowContext.TaskName) } } }
        foreach ($max in 1, 2, 3) {
            $log.Clear()
            $run = Complete-Run (ConvertTo-FlowState $flow) $max 6
            $run.Step | Should -Be (6 / $max)
            $log.Count | Should -Be 6
            $run.State | Should -BeExactly 'Success'
        }
    }

    It 'b: slugs of null are reported, and the run does not end as if all were done' {
        $flow = New-Flow null { foreach ($n in 1..8) { task "t$n" { $log.Add($FlowContext.TaskName) } } }
        $pairs = @(1..8 | ForEach-Object { '{"task":{"slug":null},"state":{"type":"Success"}}' }) -join ','
        $run = "[$pairs]" | ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 8
        $run.HasPending | Should -BeExactly $true
        $run.State | Should -BeExactly 'Pending'
        ($run | Invoke-FlowStep).State | Should -BeExactly 'Success'
        $log.Count | Should -Be 8
    }

    It 'b: every task has a slug of its own in what we write' {
        $flow = New-Flow slugs { foreach ($n in 1..8) { task "t$n" { } } }
        $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState -AsPrefect
        @([regex]::Matches($json, '"slug":"([^"]+)"') | ForEach-Object { $_.Groups[1].Value }) |
            Should -BeStrictly @(1..8 | ForEach-Object { "t$_" })
    }

    It 'c: two tasks cannot have one name' {
        { New-Flow dup { task same { }; task same { } } } | Should -Throw -ErrorId 'FlowTaskExists,*'
    }

    It 'c: an ambiguous slug is reported, and finished work is not run twice' {
        $flow = New-Flow dup { task a { $log.Add('a') }; task b { $log.Add('b') } -After a }
        $run = '[{"slug":"a","type":"Success"},{"slug":"A","type":"Pending"},{"slug":"b","type":"Pending"}]' |
            ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 1
        "$($warnings[0])" | Should -BeLikeExactly "*'a'*more than once*"
        (Complete-Run $run 1 2).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'b'
    }

    It 'd: a result is there in the next step, AsPrefect: <AsPrefect>' -ForEach @(
        @{ AsPrefect = $false }
        @{ AsPrefect = $true }
    ) {
        $flow = New-Flow data {
            task a { 41 }
            task b { param($x) if ($null -eq $x) { throw 'the result is lost' } $x + 1 } -InputFrom @{ x = 'a' }
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -AsPrefect:$AsPrefect |
            ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeStrictly 42
    }

    It 'd: a result is there in the next step when it is in a store' {
        $flow = New-Flow data -Store $folder { task a { 41 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
        (Complete-Run (ConvertTo-FlowState $flow) 1 2).Tasks.Result | Should -BeStrictly 41, 42
    }

    It 'd: a result is there as many steps later as it takes' {
        $flow = New-Flow far {
            task first { 'kept' }
            foreach ($n in 1..5) { task "between$n" { } -After $(if ($n -eq 1) { 'first' } else { "between$($n - 1)" }) }
            task last { param($x) $x } -InputFrom @{ x = 'first' } -After between5
        }
        $run = Complete-Run (ConvertTo-FlowState $flow) 1 7
        $run.Step | Should -Be 7
        $run.Tasks[6].Result | Should -BeExactly 'kept'
    }

    It 'e: tasks without a handler are not lost to a trigger failure' {
        $quiet = { param($task, $old, $new) }
        $flow = New-Flow mixed {
            task a { 1 } -StateHandler $quiet
            task b { 2 } -StateHandler $quiet
            task list { param($a, $b) $a, $b } -InputFrom @{ a = 'a'; b = 'b' }
            task reduce { param($items) ($items[0] + $items[1]) } -InputFrom @{ items = 'list' }
        }
        $run = Complete-Run (ConvertTo-FlowState $flow) 1 4
        $run.Step | Should -Be 4
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[3].Result | Should -BeStrictly 3
    }

    It 'k: a step touches only what it has to run' {
        $flow = New-Flow chain -StateHandler { param($task, $old, $new) $log.Add("$task") } {
            task t1 { }
            foreach ($n in 2..100) { task "t$n" { } -After "t$($n - 1)" }
        }
        $states = @(1..99 | ForEach-Object { "{`"slug`":`"t$_`",`"type`":`"Success`"}" }) -join ','
        $run = "[$states]" | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeExactly 't100', 't100'
    }

    It 'k: a document is short' {
        $flow = New-Flow chain { foreach ($n in 1..100) { task "t$n" { } } }
        $json = Invoke-Flow $flow | ConvertFrom-FlowState
        $json.Length | Should -BeLessThan (100 * 120 + 400) -Because "100 tasks take $($json.Length) characters, less than 120 each"
    }

    It 'k: a hundred tasks, one a step, end after a hundred steps with each run once' {
        $flow = New-Flow chain {
            task t1 { $log.Add($FlowContext.TaskName) }
            foreach ($n in 2..100) { task "t$n" { $log.Add($FlowContext.TaskName) } -After "t$($n - 1)" }
        }
        $run = Complete-Run (ConvertTo-FlowState $flow) 1 100
        $run.Step | Should -Be 100
        $log | Should -BeStrictly @(1..100 | ForEach-Object { "t$_" })
    }

    It 'l: a task whose process died runs again, its run count one higher' {
        $flow = New-Flow crash { task a { $FlowContext.RunCount }; task b { } -After a }
        $run = '[{"slug":"a","type":"Running"},{"slug":"b","type":"Pending"}]' | ConvertTo-FlowState -Flow $flow
        $run.HasPending | Should -BeExactly $true
        $run = Complete-Run $run 1 2
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[0].Result | Should -BeStrictly 2
        $run.Tasks[0].RunCount | Should -Be 2
    }

    It 'l: a task that dies again counts on through the document' {
        $flow = New-Flow crash { task a { $FlowContext.RunCount } }
        $run = '[{"task":{"slug":"a"},"state":{"type":"Running","context":{"task_run_count":4}}}]' | ConvertTo-FlowState -Flow $flow
        (Complete-Run $run 1 1).Tasks[0].Result | Should -BeStrictly 5
    }

    It 'l: a paused task asks nobody anything' {
        $flow = New-Flow approval { task a { }; task b { } -After a }
        $run = '[{"slug":"a","type":"Paused"}]' | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks.State | Should -BeExactly 'Paused', 'Pending'
        $run.State | Should -BeExactly 'Paused'
        $run.HasPending | Should -BeExactly $false
    }
}
