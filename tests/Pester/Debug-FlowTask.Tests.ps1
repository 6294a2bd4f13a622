BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Debug-FlowTask' {
    BeforeAll {
        function Get-Listing([string] $Folder) { @(Get-ChildItem $Folder -Recurse -File | ForEach-Object { "$($_.FullName) $($_.Length) $($_.LastWriteTimeUtc.Ticks)" }) -join "`n" }
    }

    It 'runs the body with its recorded inputs, parameters and context, and writes nothing' {
        $folder = New-TestFolder
        $global:seen = @()
        $flow = New-Flow debugged -Parameter @{ factor = 10 } -Store $folder -Target '{flow_name}/{task_name}.json' {
            task fetch { 1, 2, 3 }
            task load { param($rows, $factor, $note) $global:seen += $FlowContext; Write-Warning 'loading'; "$($rows -join '+') times $factor, $note" } -InputFrom @{ rows = 'fetch' } -Argument @{ note = 'now' }
        }
        $null = Invoke-Flow $flow -Parameter @{ factor = 20 } -WarningAction Ignore
        $run = Get-FlowRun $flow
        $before = Get-Listing $folder
        $global:seen = @()
        Debug-FlowTask load -Run $run -WarningVariable warned -WarningAction SilentlyContinue | Should -BeExactly '1+2+3 times 20, now'
        $global:seen.Count | Should -Be 1
        $global:seen[0].RunId | Should -BeExactly $run.RunId
        $global:seen[0].TaskName | Should -BeExactly 'load'
        $global:seen[0].RunCount | Should -Be 1
        $global:seen[0].Parameters['factor'] | Should -Be 20
        "$warned" | Should -BeLike '*loading*'
        Get-Listing $folder | Should -BeExactly $before
    }

    It 'runs a body that failed, with the error and its place, and breakpoints' {
        $script = Join-Path (New-TestFolder) 'flow.ps1'
        Set-Content $script "New-Flow failing {`n    task good { 0 }`n    task bad {`n        param(`$n)`n        `$half = 1 / `$n`n        `$half`n    } -InputFrom @{ n = 'good' } -MaxRetries 2`n}"
        $run = Invoke-Flow (& $script)
        $run.State | Should -BeExactly 'Failed'
        $global:hits = @()
        $point = Set-PSBreakpoint -Script $script -Line 5 -Action { $global:hits += $n }
        try { $caught = try { Debug-FlowTask bad -Run $run } catch { $_ } }
        finally { $point | Remove-PSBreakpoint }
        $caught.Exception.Message | Should -BeLike '*divide by zero*'
        $caught.ScriptStackTrace | Should -BeLike '*flow.ps1: line 5*'
        $global:hits | Should -Be @(0)
    }

    It 'runs <Task>' -ForEach @(
        @{ Task = 'double[1]'; Result = 4 }
        @{ Task = 'load/check'; Result = 'checked 6' }
        @{ Task = 'each[2]/inner'; Result = 'inner 3' }
        @{ Task = 'GATHER'; Result = '2 4 6' }
    ) {
        $inner = New-Flow inner -Parameter { param($n) } { task inner { param($n) "inner $n" } }
        $load = New-Flow load -Parameter { param($total) } { task sum { param($total) $total }; task check { param($sum) "checked $sum" } -InputFrom @{ sum = 'sum' } }
        $flow = New-Flow outer -Store (New-TestFolder) {
            task numbers { 1, 2, 3 }
            task double { param($n) $n * 2 } -Map @{ n = 'numbers' }
            task total { 6 }
            task load -Subflow $load -InputFrom @{ total = 'total' }
            task each -Subflow $inner -Map @{ n = 'numbers' }
            task gather { param($all) $all -join ' ' } -InputFrom @{ all = 'double' }
        }
        $state = Invoke-Flow $flow
        $state.State | Should -BeExactly 'Success'
        Debug-FlowTask $Task -Run $state | Should -BeExactly $Result
        Get-FlowRun $flow | Debug-FlowTask $Task | Should -BeExactly $Result
        $state | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Debug-FlowTask $Task | Should -BeExactly $Result
    }

    It 'says what cannot be run: <Task>' -ForEach @(
        @{ Task = 'none'; Id = 'FlowTaskNotFound*'; Text = "*'none'*" }
        @{ Task = 'double'; Id = 'FlowTaskInvalid*'; Text = "*'double[[]0]' to 'double[[]2]'*" }
        @{ Task = 'load'; Id = 'FlowTaskInvalid*'; Text = "*'load/sum'*" }
        @{ Task = 'd*'; Id = 'FlowTaskInvalid*'; Text = "*'double' and 'done'*" }
        @{ Task = 'last'; Id = 'FlowTaskInvalid*'; Text = "*takes the result of task 'waits', which is Paused*" }
        @{ Task = 'told'; Id = 'FlowTaskInvalid*'; Text = "*takes the result of task 'secret', which the run does not contain*" }
    ) {
        $load = New-Flow load { task sum { 1 } }
        $flow = New-Flow outer -Store (New-TestFolder) {
            task numbers { 1, 2, 3 }
            task double { param($n) $n * 2 } -Map @{ n = 'numbers' }
            task load -Subflow $load
            task done { 'done' }
            task secret { 'hidden value' } -Sensitive
            task told { param($s) $s.Length } -InputFrom @{ s = 'secret' }
            task waits { 1 } -Trigger ManualOnly
            task last { param($x) $x } -InputFrom @{ x = 'waits' }
        }
        $null = Invoke-FlowStep $flow
        $run = Get-FlowRun $flow
        $caught = try { Debug-FlowTask $Task -Run $run } catch { $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike $Id
        $caught.Exception.Message | Should -BeLike $Text
    }

    It 'a run without its definition says where to get it' {
        $folder = New-TestFolder
        $null = Invoke-Flow (New-Flow alone -Store $folder { task a { 1 } })
        { Get-FlowRun -Store $folder | Debug-FlowTask a } | Should -Throw -ErrorId 'FlowRequired,*' -ExpectedMessage '*was found without its flow*Get-FlowRun $flow*'
        { Debug-FlowTask a -Run 'text' } | Should -Throw -ErrorId 'FlowStateInvalid,*'
    }

    It 'a signal warns, a sensitive result is put out as a secret, and what it writes of a secret is masked' {
        $flow = New-Flow signals {
            task skip { Send-FlowSignal -Skip 'nothing new' }
            task secret { 'hidden value' } -Sensitive
            task told { param($s) Write-Warning "told $s" } -InputFrom @{ s = 'secret' }
        }
        $run = Invoke-Flow $flow -WarningAction Ignore
        Debug-FlowTask skip -Run $run -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -BeExactly "Task 'skip' ended itself as Skipped: nothing new"
        $secret = Debug-FlowTask secret -Run $run
        $secret.GetType().Name | Should -BeExactly "FlowSecret"
        Debug-FlowTask told -Run $run -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Not -BeLike '*hidden value*'
    }

    It 'an initialization script counts, and a body that would run in a separate runspace runs in it' {
        $flow = New-Flow setup -InitializationScript { function Get-Own { "own $args" } } { task a { "$(Get-Own 1) $PID" } -Timeout 60 }
        $run = Invoke-Flow $flow
        Debug-FlowTask a -Run $run | Should -BeExactly "own 1 $PID"
    }

    It 'a body with $using: runs in the session, here and as a mock' {
        $u = 5
        $flow = New-Flow using { task a { "u$using:u" }; task b { 1 } }
        $run = Invoke-Flow $flow
        Debug-FlowTask a -Run $run | Should -BeExactly 'u5'
        (Invoke-Flow $flow -Mock @{ b = { "m$using:u" } }).Tasks[1].Result | Should -BeExactly 'm5'
        $flow.Tasks[0].ScriptBlock.Trim() | Should -BeExactly '"u$using:u"'
    }

    It 'secrets are masked in its error and in its signal' {
        $flow = New-Flow hidden {
            task k { 'topsecretvalue' } -Sensitive
            task a { param($k) throw "bad $k" } -InputFrom @{ k = 'k' }
            task s { param($k) Send-FlowSignal -Skip "no $k" } -InputFrom @{ k = 'k' }
        }
        $run = Invoke-Flow $flow
        $caught = try { Debug-FlowTask a -Run $run } catch { $_ }
        "$caught $($caught.Exception) $($caught.FullyQualifiedErrorId)" | Should -Not -BeLike '*topsecret*'
        "$caught" | Should -BeLike 'bad *'
        Debug-FlowTask s -Run $run -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "Task 's' ended itself as Skipped: no *"
        "$warned" | Should -Not -BeLike '*topsecret*'
    }

    It 'what came with an event is not kept, and a body that returns nothing returns nothing' {
        $flow = New-Flow events -Store (New-TestFolder) { task e { param($P = 'default') "P=$P" } -WaitForEvent ev; task none { } }
        $run = Invoke-FlowStep $flow
        { Debug-FlowTask e -Run $run } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -ExpectedMessage "*event 'ev', which has not come in this run*"
        $run = $run | Send-FlowEvent -Name ev -Payload @{ P = 3 } | Invoke-FlowStep
        $run.Tasks[0].Result | Should -BeExactly 'P=3'
        { Debug-FlowTask e -Run $run } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -ExpectedMessage '*does not keep once the task has ended*'
        @(Debug-FlowTask none -Run $run).Count | Should -Be 0
    }
}
