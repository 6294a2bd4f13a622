BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'StateHandlers' {
    BeforeEach {
        $log = [Collections.Generic.List[string]]::new()
        $note = { param($task, $old, $new) $log.Add("$task $($old.State) $($new.State)") }
    }

    It 'a handler is called for each change, with the task, its old and its new state' {
        $null = New-Flow told { task a { } } -StateHandler $note | Invoke-Flow
        $log | Should -BeExactly 'a Pending Running', 'a Running Success'
    }

    It 'a handler sees all that a task state has' {
        $seen = @{}
        $null = New-Flow told {
            task a { 42 } -StateHandler {
                param($task, $old, $new)
                $seen.Name = $task.Name
                $seen.Type = $new.GetType().Name
                $seen.Result = $new.Result
                $seen.Message = $new.Message
            }
        } | Invoke-Flow
        @($seen.Name, $seen.Type, $seen.Result, $seen.Message) | Should -BeStrictly 'a', 'FlowTaskState', 42, 'Task run succeeded.'
    }

    It 'the task''s handlers are called before the flow''s, in order' {
        $null = New-Flow order {
            task a { } -StateHandler { $log.Add('task 1') }, { $log.Add('task 2') }
        } -StateHandler { $log.Add('flow 1') }, { $log.Add('flow 2') } | Invoke-Flow
        $log | Should -BeExactly 'task 1', 'task 2', 'flow 1', 'flow 2', 'task 1', 'task 2', 'flow 1', 'flow 2'
    }

    It 'handlers are called for trigger failures and skips too' {
        $null = New-Flow told {
            task bad { throw 'no' }
            task after-bad { } -After bad
            task skip { Send-FlowSignal -Skip }
            task after-skip { } -After skip
        } -StateHandler $note | Invoke-Flow
        $log | Should -BeStrictly @(
            'bad Pending Running', 'bad Running Failed', 'after-bad Pending TriggerFailed'
            'skip Pending Running', 'skip Running Skipped', 'after-skip Pending Skipped'
        )
    }

    It 'handlers are called for cancellation by the budget' {
        $null = New-Flow told { task a { }; task b { } -After a } -StateHandler $note | Invoke-FlowStep -MaxTasks 1
        $log | Should -BeExactly 'a Pending Running', 'a Running Success', 'b Pending Cancelled'
    }

    It 'handlers are not called again for finished tasks of earlier steps' {
        $flow = New-Flow told { task a { }; task b { } -After a } -StateHandler $note
        $run = $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $log.Clear()
        $null = $run | Invoke-FlowStep
        $log | Should -BeExactly 'b Pending Running', 'b Running Success'
    }

    It 'a state that a handler returns replaces the new one' {
        $run = New-Flow replaced {
            task a { 1 } -StateHandler {
                param($task, $old, $new)
                if ($new.State -eq 'Success') { $new | Set-FlowTaskState -To Success -Message 'seen' -Result 2 }
            }
            task b { param($n) $n } -InputFrom @{ n = 'a' }
        } | Invoke-Flow
        $run.Tasks[0].Message | Should -BeExactly 'seen'
        $run.Tasks.Result | Should -BeStrictly 2, 2
    }

    It 'a bare state type that a handler returns replaces the new one' {
        $run = New-Flow replaced {
            task a { 1 } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { [Enum]::Parse($new.State.GetType(), 'Failed') } }
        } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
    }

    It 'a handler that returns the new state''s own type, or its name, leaves the state as it is' {
        foreach ($handler in { param($task, $old, $new) $new.State }, { param($task, $old, $new) "$($new.State)" }) {
            $log = [Collections.Generic.List[string]]::new()
            $flow = New-Flow kept -StateHandler $handler {
                task list { 1, 2 }
                task each { param($x) $x * 10 } -Map @{ x = 'list' }
                task loop {
                    $log.Add("loop $($FlowContext.LoopCount)")
                    if ($FlowContext.LoopCount -lt 3 -and $log.Count -lt 9) { Send-FlowSignal -Loop }
                }
                task late { throw 'busy' } -MaxRetries 1 -RetryDelay 3600
            }
            $run = Invoke-FlowStep $flow
            $run.Tasks.State | Should -BeExactly 'Success', 'Mapped', 'Success', 'Retrying'
            $run.Tasks[1].Result | Should -BeStrictly 10, 20
            $run.Tasks[0].Message | Should -BeExactly 'Task run succeeded.'
            $log | Should -BeExactly 'loop 1', 'loop 2', 'loop 3'
            $run.NextStartTime | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(59))
        }
    }

    It 'a loop counts on, whatever a handler makes of its states: <Made>' -ForEach @(
        @{
            Made    = 'replaced'
            Handler = { param($task, $old, $new) if ($new.State -eq 'Looped') { $new | Set-FlowTaskState -To Looped -Message 'page read' } }
        }
        @{
            Made    = 'sent'
            Handler = { param($task, $old, $new) if ($new.State -eq 'Looped') { Send-FlowSignal -Loop -Result $new.Result } }
        }
    ) {
        $null = New-Flow loops {
            task read {
                $log.Add("$($FlowContext.LoopCount) $($FlowContext.LoopResult)")
                if ($FlowContext.LoopCount -lt 3 -and $log.Count -lt 9) { Send-FlowSignal -Loop -Result $log.Count }
            } -StateHandler $Handler
        } | Invoke-Flow
        $log | Should -BeStrictly '1 ', '2 1', '3 2'
    }

    It 'a loop whose pass fails tries that pass again, whatever its OnFailure returns' {
        $log = [Collections.Generic.List[int]]::new()
        $run = New-Flow loops {
            task read {
                $log.Add($FlowContext.LoopCount)
                if ($FlowContext.LoopCount -lt 3) { Send-FlowSignal -Loop }
                if ($FlowContext.RunCount -eq 1) { throw 'busy' }
            } -MaxRetries 1 -OnFailure { 'no mail server' }
        } | Invoke-Flow
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeStrictly 1, 2, 3, 3 -Because 'the pass that failed is tried again, not the loop'
    }

    It 'a handler that throws as its task fails has the last word: the task is not retried' {
        $log = [Collections.Generic.List[int]]::new()
        $run = New-Flow loops {
            task read { $log.Add($FlowContext.RunCount); throw 'busy' } -MaxRetries 1 -OnFailure { throw 'no mail server' }
        } | Invoke-Flow
        $run.State | Should -BeExactly 'Failed'
        $run.Tasks[0].Message | Should -BeLike '*no mail server*'
        $log | Should -BeStrictly 1
    }

    It 'other output of a handler is of no meaning' {
        $run = New-Flow chatty { task a { 1 } -StateHandler { 'hello'; 42; $null } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Success'
        $run.Tasks[0].Result | Should -BeStrictly 1
    }

    It 'a later handler sees what an earlier one made of the state' {
        $null = New-Flow passed {
            task a { } -StateHandler { param($task, $old, $new) if ($new.IsSuccessful) { $new | Set-FlowTaskState -To Failed } }, $note
        } | Invoke-Flow
        $log | Should -BeExactly 'a Pending Running', 'a Running Failed'
    }

    It 'a handler that throws fails its task' {
        $run = New-Flow thrown {
            task a { $log.Add('ran') } -StateHandler { throw 'handler broke' }
            task b { } -After a
        } | Invoke-Flow
        $log.Count | Should -Be 0
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed'
        $run.Tasks[0].Message | Should -BeExactly 'Unexpected error while calling state handlers: handler broke'
        $run.Tasks[0].Error.Message | Should -BeExactly 'handler broke'
    }

    It 'an error that a handler does not throw stops it all the same' {
        $run = New-Flow thrown { task a { } -StateHandler { $null.Nothing() } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
    }

    It 'no handlers may be given, but not a handler that is null' {
        (New-Flow none -StateHandler @() { task a { } -StateHandler @() } | Invoke-Flow).State | Should -BeExactly 'Success'
        { New-Flow null -StateHandler $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-Flow null { task a { } -StateHandler $null } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'OnFailure is called for each failure, and for nothing else' {
        $log = [Collections.Generic.List[string]]::new()
        $note = { param($task, $state) $log.Add("$($task.Name) $($state.State) $($state.Error.Message)") }
        New-Flow failures {
            task good { 'fine' } -OnFailure $note
            task bad { throw "bug $($FlowContext.RunCount)" } -MaxRetries 1 -OnFailure $note
            task behind { 'never' } -After bad -OnFailure $note
        } | Invoke-Flow | Out-Null
        $log | Should -BeExactly 'bad Failed bug 1', 'bad Failed bug 2', 'behind TriggerFailed '
    }

    It 'OnFailure of a flow is called with the run once it has ended Failed' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow failing -OnFailure {
            param($flow, $run)
            $log.Add("$($flow.Name) $($run.State) step $($run.Step): $(($run | Get-FlowTask -State Failed).Message)")
        } {
            task a { 1 }
            task bad { throw 'bug' } -After a
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
        $log.Count | Should -Be 0
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $null = $run | Invoke-FlowStep
        $log | Should -BeExactly 'failing Failed step 2: Error during execution of task: bug'
    }

    It 'OnFailure of a flow that fails itself is an error, and the run is there all the same' {
        $flow = New-Flow failing -OnFailure { throw 'no mail' } { task bad { throw 'bug' } }
        $faults = $null
        $run = Invoke-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults
        $run.State | Should -BeExactly 'Failed'
        @($faults[-1].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'FlowHandlerFailed'
        "$($faults[-1])" | Should -BeLikeExactly "The -OnFailure block of flow 'failing' failed: no mail.*"
        (Invoke-Flow $flow -ErrorAction Stop).State | Should -BeExactly 'Failed' -Because 'a caller that stops at errors gets the run'
    }
}
