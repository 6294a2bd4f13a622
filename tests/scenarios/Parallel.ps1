Scenario 'tasks run at once in runspaces of their own, and each runs once' {
    $log = [Collections.Concurrent.ConcurrentBag[string]]::new()
    $flow = New-Flow parallel {
        foreach ($i in 1..12) { task "t$i" { ($using:log).Add($FlowContext.TaskName); [runspace]::DefaultRunspace.Id } }
    }
    $run = Invoke-Flow $flow -ThrottleLimit 4
    Assert-Equal 'Success' $run.State
    Assert-Equal 12 $log.Count
    Assert-True (@($run.Tasks.Result) -notcontains [runspace]::DefaultRunspace.Id)
}

Scenario 'using takes variables of the caller along, whole or in part' {
    $word = 'outer'
    $table = @{ key = 'value'; list = 1, 2, 3 }
    $run = New-Flow parallel {
        task whole { $using:word }
        task part { "$($using:table.key) $($using:table['list'][1])" }
        task text { "<$using:word>" }
        task nested { & { $using:word } }
        task none { "[$word]" }
    } | Invoke-Flow -ThrottleLimit 2
    Assert-Equal @('outer', 'value 2', '<outer>', 'outer', '[]') $run.Tasks.Result
}

Scenario 'using takes variables of the caller along with any throttle, also where only one task may run' {
    $word = 'outer'
    $flow = New-Flow using {
        task whole { "$using:word, $([runspace]::DefaultRunspace.Id)" } -Tag db
        task inside { $local = 2; & { $using:local } } # as for ForEach-Object -Parallel, whose variable it is
        task here { "$word, $([runspace]::DefaultRunspace.Id)" }
    }
    $here = "outer, $([runspace]::DefaultRunspace.Id)"
    foreach ($limit in 1, @{ '*' = 1; db = 1 }) {
        $run = Invoke-Flow $flow -ThrottleLimit $limit
        Assert-Like 'outer, *' $run.Tasks[0].Result
        Assert-True ($run.Tasks[0].Result -ne $here)
        Assert-Equal 'Failed' $run.Tasks[1].State
        Assert-Equal $here $run.Tasks[2].Result
    }
    Assert-Like 'outer, *' (New-Flow outer { task part -Subflow $flow } | Invoke-Flow).Tasks[0].Subflow.Tasks[0].Result
}

Scenario 'a condition runs where the caller is, and may name the caller''s variables by using, too' {
    $limit = 2
    $flow = New-Flow conditions -Parameter @{ n = 3 } {
        task more { 'more' } -When { param($n) $n -gt $using:limit }
        task less { 'less' } -When { param($n) $n -lt "$using:limit" }
    }
    foreach ($throttle in 1, 2) {
        Assert-Equal @('Success', 'Skipped') (Invoke-Flow $flow -ThrottleLimit $throttle).Tasks.State
    }
    $null = Assert-Error FlowTaskInvalid { New-Flow wrong -Parameter @{ limit = 3 } { task a { } -When { param($limit) $limit -gt $using:limit } } } -Like '*$using:limit*'
}

Scenario 'the words of the module are there in a task''s own runspace, the short ones too' {
    $flow = New-Flow words { task a { (flow inner { task b { 'deep' } } | Invoke-Flow).Tasks[0].Result } }
    Assert-Equal 'deep' (Invoke-Flow $flow -ThrottleLimit 2).Tasks[0].Result
}

Scenario 'inputs, arguments, signals and failures are as in one runspace' {
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
    Assert-Equal @(10, 20, 30) $run.Tasks[1].Result
    Assert-Equal @('Skipped', 'Failed', 'Failed', 'TriggerFailed', 'Mapped') $run.Tasks[2..6].State
    Assert-Equal 'not today' $run.Tasks[2].Message
    Assert-Equal 'Error during execution of task: broken' $run.Tasks[3].Message
    Assert-Equal @(1, 3, 5) $run.Tasks[6].Result
}

Scenario 'an error says the file and line it has in the script' {
    $line = $MyInvocation.ScriptLineNumber
    $flow = New-Flow parallel {
        task fail {
            'before'
            throw 'broken'
        }
    }
    $alone = (Invoke-Flow $flow).Tasks[0].Error
    $beside = (Invoke-Flow $flow -ThrottleLimit 2).Tasks[0].Error
    Assert-Equal $alone.Line $beside.Line
    Assert-Equal $alone.ScriptName $beside.ScriptName
    Assert-Equal $alone.LineText $beside.LineText
}

Scenario 'what tasks write comes back to the caller, warnings with their task' {
    $flow = New-Flow parallel { task a { & { [CmdletBinding()] param() $PSCmdlet.WriteWarning('careful') } } }
    $run = Invoke-Flow $flow -ThrottleLimit 2 -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal 'Success' $run.State
    Assert-Equal @('a: careful') @($warnings | ForEach-Object { $_.Message })
}

Scenario 'a caller that stops at errors does not lose the step to what a task only says' {
    $flow = New-Flow parallel {
        task says { & { [CmdletBinding()] param() $PSCmdlet.WriteWarning('careful') }; 'said' }
        task other { 'other' } -After says
    }
    $run = Invoke-Flow $flow -ThrottleLimit 2 -WarningAction Stop
    Assert-Equal @('said', 'other') $run.Tasks.Result
}

Scenario 'handlers run where the caller is, with any throttle' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow parallel -StateHandler { param($task, $old, $new) $log.Add("$($task.Name) $($new.State)") } {
        task a { 1 }
        task b { 2 }
    }
    Invoke-Flow $flow -ThrottleLimit 2 | Out-Null
    Assert-Equal 4 $log.Count
    Assert-True ($log -contains 'b Success')
}

Scenario 'a task that takes too long is stopped, in the middle of a sleep or of a loop' {
    $flow = New-Flow timeouts {
        task sleeps { [Threading.Thread]::Sleep(200); while ($true) { } } -Timeout 0.2
        task turns { while ($true) { } } -Timeout 0.2
        task behind { 'never' } -After sleeps
        task quick { 'done' } -Timeout 30
    }
    $run = Invoke-Flow $flow
    Assert-Equal @('TimedOut', 'TimedOut', 'TriggerFailed', 'Success') $run.Tasks.State
    Assert-Equal 'Task timed out during execution.' $run.Tasks[0].Message
}

Scenario 'a task of a subflow that takes too long is stopped, however deep it is and with any throttle' {
    $inner = New-Flow inner { task slow { while ($true) { } } -Timeout 0.2 }
    $middle = New-Flow middle { task inner -Subflow $inner }
    $run = New-Flow outer { task middle -Subflow $middle } | Invoke-Flow
    Assert-Equal 'TimedOut' $run.Tasks[0].Subflow.Tasks[0].Subflow.Tasks[0].State
    Assert-Equal 'Failed' $run.State
}

Scenario 'a task that waits by its token ends at its timeout, and at the end of the step''s time' {
    $waits = { param($log) try { [Threading.Tasks.Task]::Delay(60000, $FlowContext.CancellationToken).GetAwaiter().GetResult() } finally { $log.Add($FlowContext.TaskName) } }
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow tokens { task timeout $waits -Argument @{ log = $log } -Timeout 0.3 }
    Assert-Equal 'TimedOut' (Invoke-Flow $flow).Tasks[0].State

    $flow = New-Flow tokens { task deadline $waits -Argument @{ log = $log } }
    foreach ($limit in 1, 2) {
        Assert-Equal 'Cancelled' (Invoke-FlowStep $flow -TimeBudget 0.3 -ThrottleLimit $limit).Tasks[0].State
    }
    Assert-Equal @('timeout', 'deadline', 'deadline') $log
}

Scenario 'a task without a timeout stays in the caller''s runspace though another has one' {
    $script:seen = $null
    $run = New-Flow timeouts {
        task here { $script:seen = [runspace]::DefaultRunspace.Id }
        task there { [runspace]::DefaultRunspace.Id } -Timeout 30
    } | Invoke-Flow
    Assert-Equal ([runspace]::DefaultRunspace.Id) $script:seen
    Assert-True ($run.Tasks[1].Result -ne $script:seen)
}

Scenario 'at its deadline a step stops what runs beside it, and it is due again' {
    $gate = @{ open = $false }
    $flow = New-Flow deadlines {
        task quick { 'done' }
        task slow { while (-not ($using:gate).open) { [Threading.Thread]::Sleep(10) }; 'at last' }
        task behind { 'then' } -After slow
    }
    $run = Invoke-FlowStep $flow -ThrottleLimit 2 -TimeBudget 0.3
    Assert-Equal @('Success', 'Cancelled', 'Cancelled') $run.Tasks.State

    $gate.open = $true
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    $run = $run | Invoke-FlowStep -ResetCancelled -ThrottleLimit 2
    Assert-Equal 'Success' $run.State
    Assert-Equal 'at last' $run.Tasks[1].Result
}

Scenario 'tags have limits of their own' {
    $state = [hashtable]::Synchronized(@{ now = 0; most = 0 })
    $flow = New-Flow tags {
        foreach ($i in 1..6) {
            task "db$i" {
                $state = $using:state
                [Threading.Monitor]::Enter($state.SyncRoot)
                try { $state.now++; if ($state.now -gt $state.most) { $state.most = $state.now } } finally { [Threading.Monitor]::Exit($state.SyncRoot) }
                [Threading.Thread]::Sleep(5)
                [Threading.Monitor]::Enter($state.SyncRoot)
                try { $state.now-- } finally { [Threading.Monitor]::Exit($state.SyncRoot) }
            } -Tag database
        }
    }
    $run = Invoke-Flow $flow -ThrottleLimit @{ '*' = 4; database = 1 }
    Assert-Equal 'Success' $run.State
    Assert-Equal 1 $state.most
}

Scenario 'limits and timeouts that make no sense are clear errors' {
    $flow = New-Flow wrong { task a { } }
    Assert-Error -Id FlowInvalid { Invoke-Flow $flow -ThrottleLimit 0 }
    Assert-Error -Id FlowInvalid { Invoke-Flow $flow -ThrottleLimit @{ database = 'many' } }
    Assert-Error -Id ParameterArgumentValidationError { New-Flow wrong { task a { } -Timeout 0 } }
}

Scenario 'a task that would not stop does not keep the process from ending' {
    $run = New-Flow threads { task a { [Threading.Thread]::CurrentThread.IsBackground } } | Invoke-Flow -ThrottleLimit 2
    Assert-Equal $true $run.Tasks[0].Result
}

Scenario 'a task that waits inside .NET is woken once its time to stop is over' {
    $state = [hashtable]::Synchronized(@{ ended = $false })
    $run = New-Flow waiting {
        task a { try { [Threading.Thread]::Sleep(60000) } finally { ($using:state).ended = $true } } -Timeout 0.1
        task b { 'well' }
    } | Invoke-Flow
    Assert-Equal @('TimedOut', 'Success') $run.Tasks.State
    for ($tries = 0; -not $state.ended -and $tries -lt 6000; $tries++) { [Threading.Thread]::Sleep(10) }
    Assert-True $state.ended 'its finally block has run'
}
