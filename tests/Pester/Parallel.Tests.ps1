BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Parallel' {
    It 'tasks run at once in runspaces of their own, and each runs once' {
        $log = [Collections.Concurrent.ConcurrentBag[string]]::new()
        $flow = New-Flow parallel {
            foreach ($i in 1..12) { task "t$i" { ($using:log).Add($FlowContext.TaskName); [runspace]::DefaultRunspace.Id } }
        }
        $run = Invoke-Flow $flow -ThrottleLimit 4
        $run.State | Should -BeExactly 'Success'
        $log.Count | Should -Be 12
        @($run.Tasks.Result) | Should -Not -Contain ([runspace]::DefaultRunspace.Id)
    }

    It 'using takes variables of the caller along, whole or in part' {
        $word = 'outer'
        $table = @{ key = 'value'; list = 1, 2, 3 }
        $run = New-Flow parallel {
            task whole { $using:word }
            task part { "$($using:table.key) $($using:table['list'][1])" }
            task text { "<$using:word>" }
            task nested { & { $using:word } }
            task none { "[$word]" }
        } | Invoke-Flow -ThrottleLimit 2
        $run.Tasks.Result | Should -BeExactly 'outer', 'value 2', '<outer>', 'outer', '[]'
    }

    It 'using takes variables of the caller along with any throttle, also where only one task may run' {
        $word = 'outer'
        $flow = New-Flow using {
            task whole { "$using:word, $([runspace]::DefaultRunspace.Id)" } -Tag db
            task inside { $local = 2; & { $using:local } } # as for ForEach-Object -Parallel, whose variable it is
            task here { "$word, $([runspace]::DefaultRunspace.Id)" }
        }
        $here = "outer, $([runspace]::DefaultRunspace.Id)"
        foreach ($limit in 1, @{ '*' = 1; db = 1 }) {
            $run = Invoke-Flow $flow -ThrottleLimit $limit
            $run.Tasks[0].Result | Should -BeLikeExactly 'outer, *'
            $run.Tasks[0].Result | Should -Not -Be $here
            $run.Tasks[1].State | Should -BeExactly 'Failed'
            $run.Tasks[2].Result | Should -BeStrictly $here
        }
        (New-Flow outer { task part -Subflow $flow } | Invoke-Flow).Tasks[0].Subflow.Tasks[0].Result | Should -BeLikeExactly 'outer, *'
    }

    It 'a condition runs where the caller is, and may name the caller''s variables by using, too' {
        $limit = 2
        $flow = New-Flow conditions -Parameter @{ n = 3 } {
            task more { 'more' } -When { param($n) $n -gt $using:limit }
            task less { 'less' } -When { param($n) $n -lt "$using:limit" }
        }
        foreach ($throttle in 1, 2) {
            (Invoke-Flow $flow -ThrottleLimit $throttle).Tasks.State | Should -BeExactly 'Success', 'Skipped'
        }
        {
            New-Flow wrong -Parameter @{ limit = 3 } {
                task a { } -When { param($limit) $limit -gt $using:limit }
            }
        } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*$using:limit*'
    }

    It 'the words of the module are there in a task''s own runspace, the short ones too' {
        $flow = New-Flow words { task a { (flow inner { task b { 'deep' } } | Invoke-Flow).Tasks[0].Result } }
        (Invoke-Flow $flow -ThrottleLimit 2).Tasks[0].Result | Should -BeExactly 'deep'
    }

    It 'inputs, arguments, signals and failures are as in one runspace' {
        $flow = New-Flow parallel {
            task a { 1, 2, 3 }
            task b { param($x, $n) ($x | ForEach-Object { $_ * $n }) } -InputFrom @{ x = 'a' } -Argument @{ n = 10 }
            task skip { Send-FlowSignal -Skip 'not today' }
            task fail { throw 'broken' }
            task error { Get-FlowTask -NoSuchParameter }
            task behind { 'never' } -After fail
            task each { param($x) $x + $FlowContext.MapIndex } -Map @{ x = 'a' }
        }
        $run = Invoke-Flow $flow -ThrottleLimit 3
        $run.Tasks[1].Result | Should -BeStrictly 10, 20, 30
        $run.Tasks[2..6].State | Should -BeExactly 'Skipped', 'Failed', 'Failed', 'TriggerFailed', 'Mapped'
        $run.Tasks[2].Message | Should -BeExactly 'not today'
        $run.Tasks[3].Message | Should -BeExactly 'Error during execution of task: broken'
        $run.Tasks[6].Result | Should -BeStrictly 1, 3, 5
    }

    It 'an error says the file and line it has in the script' {
        $flow = New-Flow parallel {
            task fail {
                'before'
                throw 'broken'
            }
        }
        $alone = (Invoke-Flow $flow).Tasks[0].Error
        $beside = (Invoke-Flow $flow -ThrottleLimit 2).Tasks[0].Error
        $beside.Line | Should -BeExactly $alone.Line
        $beside.ScriptName | Should -BeExactly $alone.ScriptName
        $beside.LineText | Should -BeExactly $alone.LineText
    }

    It 'what tasks write comes back to the caller, warnings with their task' {
        $flow = New-Flow parallel { task a { Write-Warning 'careful' } }
        $run = Invoke-Flow $flow -ThrottleLimit 2 -WarningVariable warnings -WarningAction SilentlyContinue
        $run.State | Should -BeExactly 'Success'
        @($warnings | ForEach-Object { $_.Message }) | Should -BeExactly 'a: careful'
    }

    It 'a caller that stops at errors does not lose the step to what a task only says' {
        $flow = New-Flow parallel {
            task says { Write-Warning 'careful'; 'said' }
            task other { 'other' } -After says
        }
        $run = Invoke-Flow $flow -ThrottleLimit 2 -WarningAction Stop
        $run.Tasks.Result | Should -BeExactly 'said', 'other'
    }

    It 'handlers run where the caller is, with any throttle' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow parallel -StateHandler { param($task, $old, $new) $log.Add("$($task.Name) $($new.State)") } {
            task a { 1 }
            task b { 2 }
        }
        Invoke-Flow $flow -ThrottleLimit 2 | Out-Null
        $log.Count | Should -Be 4
        $log | Should -Contain 'b Success'
    }

    It 'a task that takes too long is stopped, in the middle of a sleep or of a loop' {
        $flow = New-Flow timeouts {
            task sleeps { [Threading.Thread]::Sleep(200); while ($true) { } } -Timeout 0.2
            task turns { while ($true) { } } -Timeout 0.2
            task behind { 'never' } -After sleeps
            task quick { 'done' } -Timeout 30
        }
        $run = Invoke-Flow $flow
        $run.Tasks.State | Should -BeExactly 'TimedOut', 'TimedOut', 'TriggerFailed', 'Success'
        $run.Tasks[0].Message | Should -BeExactly 'Task timed out during execution.'
    }

    It 'a task of a subflow that takes too long is stopped, however deep it is and with any throttle' {
        $inner = New-Flow inner { task slow { while ($true) { } } -Timeout 0.2 }
        $middle = New-Flow middle { task inner -Subflow $inner }
        $run = New-Flow outer { task middle -Subflow $middle } | Invoke-Flow
        $run.Tasks[0].Subflow.Tasks[0].Subflow.Tasks[0].State | Should -BeExactly 'TimedOut'
        $run.State | Should -BeExactly 'Failed'
    }

    It 'a task that waits by its token ends at its timeout, and at the end of the step''s time' {
        $waits = {
            param($log)
            try { [Threading.Tasks.Task]::Delay(60000, $FlowContext.CancellationToken).GetAwaiter().GetResult() }
            finally { $log.Add($FlowContext.TaskName) }
        }
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow tokens { task timeout $waits -Argument @{ log = $log } -Timeout 0.3 }
        (Invoke-Flow $flow).Tasks[0].State | Should -BeExactly 'TimedOut'

        $flow = New-Flow tokens { task deadline $waits -Argument @{ log = $log } }
        foreach ($limit in 1, 2) {
            (Invoke-FlowStep $flow -TimeBudget 1.5 -ThrottleLimit $limit).Tasks[0].State | Should -BeExactly 'Cancelled'
        }
        $log | Should -BeExactly 'timeout', 'deadline', 'deadline'
    }

    It 'a task without a timeout stays in the caller''s runspace though another has one' {
        $seen = @{}
        $run = New-Flow timeouts {
            task here { $seen.Here = [runspace]::DefaultRunspace.Id }
            task there { [runspace]::DefaultRunspace.Id } -Timeout 30
        } | Invoke-Flow
        $seen.Here | Should -BeStrictly ([runspace]::DefaultRunspace.Id)
        $run.Tasks[1].Result | Should -Not -Be $seen.Here
    }

    It 'at its deadline a step stops what runs beside it, and it is due again' {
        $gate = @{ open = $false }
        $flow = New-Flow deadlines {
            task quick { 'done' }
            task slow { while (-not ($using:gate).open) { Start-Sleep -Milliseconds 10 }; 'at last' }
            task behind { 'then' } -After slow
        }
        $run = Invoke-FlowStep $flow -ThrottleLimit 2 -TimeBudget 0.3
        $run.Tasks.State | Should -BeExactly 'Success', 'Cancelled', 'Cancelled'

        $gate.open = $true
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run = $run | Invoke-FlowStep -ResetCancelled -ThrottleLimit 2
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeExactly 'at last'
    }

    It 'tags have limits of their own' {
        $state = [hashtable]::Synchronized(@{ now = 0; most = 0 })
        $flow = New-Flow tags {
            foreach ($i in 1..6) {
                task "db$i" {
                    $state = $using:state
                    [Threading.Monitor]::Enter($state.SyncRoot)
                    try {
                        $state.now++
                        if ($state.now -gt $state.most) { $state.most = $state.now }
                    } finally { [Threading.Monitor]::Exit($state.SyncRoot) }
                    Start-Sleep -Milliseconds 5
                    [Threading.Monitor]::Enter($state.SyncRoot)
                    try { $state.now-- } finally { [Threading.Monitor]::Exit($state.SyncRoot) }
                } -Tag database
            }
        }
        $run = Invoke-Flow $flow -ThrottleLimit @{ '*' = 4; database = 1 }
        $run.State | Should -BeExactly 'Success'
        $state.most | Should -BeStrictly 1
    }

    It 'limits and timeouts that make no sense are clear errors' {
        $flow = New-Flow wrong { task a { } }
        { Invoke-Flow $flow -ThrottleLimit 0 } | Should -Throw -ErrorId 'FlowInvalid,*'
        { Invoke-Flow $flow -ThrottleLimit @{ database = 'many' } } | Should -Throw -ErrorId 'FlowInvalid,*'
        { New-Flow wrong { task a { } -Timeout 0 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'a task that would not stop does not keep the process from ending' {
        $run = New-Flow threads { task a { [Threading.Thread]::CurrentThread.IsBackground } } | Invoke-Flow -ThrottleLimit 2
        $run.Tasks[0].Result | Should -BeStrictly $true
    }

    It 'a task that waits inside .NET is woken once its time to stop is over' {
        $state = [hashtable]::Synchronized(@{ begun = $false; ended = $false })
        # On a busy machine the time may be over before the body has begun.
        for ($timeout = 0.1; -not $state.begun -and $timeout -lt 60; $timeout *= 4) {
            $run = New-Flow waiting {
                task a { try { ($using:state).begun = $true; [Threading.Thread]::Sleep(60000) } finally { ($using:state).ended = $true } } -Timeout $timeout
                task b { 'well' }
            } | Invoke-Flow
            $run.Tasks.State | Should -BeExactly 'TimedOut', 'Success'
        }
        for ($tries = 0; -not $state.ended -and $tries -lt 6000; $tries++) { Start-Sleep -Milliseconds 10 }
        $state.ended | Should -BeTrue -Because 'its finally block has run'
    }
}
