BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Invoke-Flow -Mock' {
    It 'runs blocks in place of bodies, with what they declare of inputs and parameters, in the session' {
        $flow = New-Flow made -Parameter @{ who = 'me' } {
            task list { throw 'real' }
            task each { param($n) throw 'real' } -Map @{ n = 'list' } -Timeout 60
            task sum { param($all) ($all | Measure-Object -Sum).Sum } -InputFrom @{ all = 'each' }
        }
        $seen = [Collections.Generic.List[object]]::new()
        $run = Invoke-Flow $flow -Mock @{ list = { 1, 2, 3 }; EACH = { param($n, $who) $seen.Add("$n of $who"); $n * 10 } }
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[2].Result | Should -BeStrictly 60.0
        $seen | Should -BeExactly '1 of me', '2 of me', '3 of me'
    }

    It 'stands in for a task inside a flow, by its path, or for that flow as a whole' {
        $inner = New-Flow inner { task read { 'real' }; task upper { param($t) "$t".ToUpper() } -InputFrom @{ t = 'read' } }
        $flow = New-Flow outer { task one -Subflow $inner; task two -Subflow $inner; task last { param($a) $a } -InputFrom @{ a = 'two' } }
        $run = Invoke-Flow $flow -Mock @{ 'one/read' = { 'mock' }; two = { 'whole' } }
        $run.Tasks[0].Subflow.Tasks[1].Result | Should -BeExactly 'MOCK'
        $run.Tasks[1].Result | Should -BeExactly 'whole'
        $run.Tasks[2].Result | Should -BeExactly 'whole'
        (Invoke-Flow $flow).Tasks[1].Subflow.Tasks[1].Result | Should -BeExactly 'REAL'
    }

    It 'writes nothing, wherever tasks would, and leaves the flow as it was' {
        $folder, $other = (New-TestFolder), (New-TestFolder)
        $flow = New-Flow written -Store $folder -Target '{task_name}.txt' {
            task a { 'real' }
            task b { 'real' } -Store $other
            task c { 'real' } -CacheFor 01:00:00
        }
        (Invoke-Flow $flow -Mock @{ a = { 'mock' }; c = { 'mock' } }).Tasks.Result | Should -BeExactly 'mock', 'real', 'mock'
        Get-ChildItem $folder, $other -Recurse -File | Should -BeNullOrEmpty
        Get-FlowRun -Store $folder -WarningAction Ignore | Should -BeNullOrEmpty
        (Invoke-Flow $flow).Tasks.Result | Should -BeExactly 'real', 'real', 'real'
    }

    It 'writes to the store that it is given, and to no other' {
        $folder, $test = (New-TestFolder), (New-TestFolder)
        $flow = New-Flow stored -Store $folder { task a { 'real' } -Target 'a.txt' }
        (Invoke-Flow $flow -Mock @{ a = { 'mock' } } -Store $test).State | Should -BeExactly 'Success'
        Get-Content "$test/a.txt" | Should -BeExactly 'mock'
        (Invoke-Flow $flow -Mock @{ a = { 'again' } } -Store $test).Tasks[0].State | Should -BeExactly 'Cached'
        (Get-FlowRun -Store $test).Count | Should -Be 2
        Get-ChildItem $folder -Recurse -File | Should -BeNullOrEmpty
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a name that no task has'; Given = @{ Mock = @{ 'other' = { } } }; Says = "*has no task 'other'*a*" }
        @{ Name = 'what is no script block'; Given = @{ Mock = @{ a = 5 } }; Says = "*mock of task 'a' must be a script block*Int32*" }
        @{ Name = 'a parameter that nothing supplies'; Given = @{ Mock = @{ a = { param([Parameter(Mandatory)] $x) $x } } }; Says = "*'a'*x*" }
        @{ Name = 'a store alone'; Given = @{ Store = 'somewhere' }; Says = '*-Store of Invoke-Flow requires -Mock or -SkipWait*' }
        if ($PSVersionTable.PSEdition -eq 'Core' -and $env:PREFECTPS_BUILD -ne 'netstandard2.0') { @{ Name = 'workers'; Given = @{ Mock = @{ a = { } }; Cluster = 'localhost' }; Says = '*not on the workers of a cluster*' } }
    ) {
        $flow = New-Flow refused { task a { 1 } }
        { Invoke-Flow $flow @Given } | Should -Throw $Says
    }
}

Describe 'Invoke-Flow -SkipWait' {
    It 'is over in a second, whatever the retries and waits' {
        $flow = New-Flow slow -RunTimeout 30.00:00:00 {
            task flaky { if ($FlowContext.RunCount -lt 4) { throw 'no' }; 'at last' } -MaxRetries 3 -RetryDelay 06:00:00
            task approval { } -WaitForEvent yes -WaitTimeout 3.00:00:00
            task anyway { } -WaitForEvent no -WaitTimeout 7.00:00:00 -WaitTimeoutAction Run -After flaky
        }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-Flow $flow -SkipWait
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        $run.Tasks.State | Should -BeExactly 'Success', 'TimedOut', 'Success'
        $run.Tasks[0].RunCount | Should -Be 4
        ($run.Tasks[0].EndTime - $run.StartTime).TotalHours | Should -BeGreaterThan 17.9
    }

    It 'counts the time that it skips' {
        $run = New-Flow late -RunTimeout 05:00:00 { task flaky { throw 'no' } -MaxRetries 3 -RetryDelay 06:00:00 } | Invoke-Flow -SkipWait
        $run.Message | Should -BeLike '*-RunTimeout of 05:00:00*'
    }

    It 'does so in a separate runspace, too' {
        $run = New-Flow beside { task flaky { if ($FlowContext.RunCount -lt 3) { throw 'no' }; 'ok' } -MaxRetries 2 -RetryDelay 1.00:00:00 } | Invoke-Flow -SkipWait -ThrottleLimit 2
        $run.Tasks[0].Result | Should -BeExactly 'ok'
    }
}

Describe 'The example of a tested flow' {
    It 'passes' {
        $example = Join-Path $PSScriptRoot '../../docs/examples/testing/nightly.Tests.ps1'
        $script = "Import-Module '$((Get-Module Pester).Path)', '$PSScriptRoot/PrefectPS.Testing.psm1'; `$done = Invoke-Pester '$example' -PassThru -Output None; `"`$(`$done.PassedCount) passed, `$(`$done.FailedCount) failed`""
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-NonInteractive', '-EncodedCommand', $encoded)
        & $program @arguments | Select-Object -Last 1 | Should -BeExactly '3 passed, 0 failed'
    }
}
