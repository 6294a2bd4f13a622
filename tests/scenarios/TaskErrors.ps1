function ConvertFrom-Fingerprint { process { [regex]::Match($_, 'sha256:[0-9a-f]+').Value } }

function Get-FailedTask([scriptblock] $Body) {
    $task = (New-Flow single { task body $Body } | Invoke-Flow).Tasks[0]
    Assert-Equal 'Failed' $task.State
    $task
}

Scenario 'a throw fails the task with its message' {
    $task = Get-FailedTask { throw 'out of luck' }
    Assert-Equal 'Error during execution of task: out of luck' $task.Message
    Assert-Equal 'out of luck' $task.Error.Message
    Assert-Equal 'out of luck' "$($task.Error)"
}

Scenario 'an error is kept with its id, script, line and stack' {
    $task = Get-FailedTask {
        function Open-Door { throw 'locked' }
        Open-Door
    }
    Assert-Like '*TaskErrors.ps1' $task.Error.ScriptName
    Assert-Equal "function Open-Door { throw 'locked' }" $task.Error.LineText
    Assert-True ($task.Error.Line -gt 1) 'the line is known'
    Assert-Like "at Open-Door, *TaskErrors.ps1: line $($task.Error.Line)*" $task.Error.Stack
    Assert-Equal 'locked' $task.Error.Id
}

Scenario 'a statement''s error stops the task, whatever the caller prefers' {
    $ErrorActionPreference = 'Continue'
    $log = [Collections.Generic.List[string]]::new()
    $task = Get-FailedTask { [int] 'x'; $log.Add('went on') }
    Assert-Equal 0 $log.Count
    Assert-Equal 'InvalidCastFromStringToInteger' $task.Error.Id
}

Scenario 'a command''s error stops the task, whatever the caller prefers' {
    $ErrorActionPreference = 'SilentlyContinue'
    $log = [Collections.Generic.List[string]]::new()
    $task = Get-FailedTask { Get-FlowTask (New-Flow empty) nowhere; $log.Add('went on') }
    Assert-Equal 0 $log.Count
    Assert-Like 'FlowTaskNotFound,*' $task.Error.Id
}

Scenario 'a task may choose to go on after an error' {
    $run = New-Flow brave { task a { $ErrorActionPreference = 'SilentlyContinue'; Get-FlowTask (New-Flow empty) nowhere; 'went on' } } | Invoke-Flow
    Assert-Equal 'went on' $run.Tasks[0].Result
}

Scenario 'an exception of .NET is named by its type' {
    $task = Get-FailedTask { throw [InvalidOperationException]::new('not now') }
    Assert-Equal 'System.InvalidOperationException' $task.Error.ExceptionType
    Assert-Equal 'Error during execution of task: not now' $task.Message
}

Scenario 'an error of the language is named by a type that a script can catch' {
    $zero = 0
    $task = Get-FailedTask { 1 / $zero }
    Assert-Equal 'Error during execution of task: Attempted to divide by zero.' $task.Message
    Assert-Equal 'System.Management.Automation.RuntimeException' $task.Error.ExceptionType
}

Scenario 'an error that is caught in the task is none' {
    $run = New-Flow calm { task a { try { throw 'no' } catch { "caught $_" } } } | Invoke-Flow
    Assert-Equal 'caught no' $run.Tasks[0].Result
}

Scenario 'output before an error is no result' {
    Assert-Equal $null (Get-FailedTask { 'partial'; throw 'no' }).Result
}

Scenario 'a failing native command fails its task' {
    if ($PSVersionTable.PSVersion -lt [version] '7.4') { return } # older ones have no such preference
    $task = Get-FailedTask { if ($PSVersionTable['Platform'] -eq 'Unix') { sh -c 'exit 3' } else { cmd /c 'exit 3' } }
    Assert-Equal 'ProgramExitedWithNonZeroCode' $task.Error.Id
    Assert-Like '*3*' $task.Message
}

Scenario 'a native command that is not there fails its task' {
    Assert-Equal 'CommandNotFoundException' (Get-FailedTask { no-such-program-anywhere }).Error.Id
}

Scenario 'break outside a loop fails the task and reaches no loop of the caller' {
    foreach ($pass in 1, 2) {
        $last = $pass
        Assert-Like '*outside a loop*' (Get-FailedTask { break }).Message
        Assert-Like '*outside a loop*' (Get-FailedTask { continue }).Message
    }
    Assert-Equal 2 $last
}

Scenario 'exit fails the task and leaves the session' {
    Assert-Like '*the task called exit*' (Get-FailedTask { exit 3 }).Message
}

Scenario 'return ends a task early with what it put out' {
    Assert-Equal 'early' (New-Flow single { task body { return 'early'; throw 'not reached' } } | Invoke-Flow).Tasks[0].Result
}

Scenario 'other tasks run on after a failure' {
    $run = New-Flow on { task bad { throw 'no' }; task good { 'yes' } } | Invoke-Flow
    Assert-Equal @('Failed', 'Success') $run.Tasks.State
}

Scenario 'a failure of the engine''s own cmdlets keeps its id' {
    $task = Get-FailedTask { New-Flow x -Target 'a.txt' }
    Assert-Like 'FlowTargetInvalid*' $task.Error.Id
}

Scenario 'with another preference a task goes on after an error that its command goes on after' {
    $flow = New-Flow lenient -ErrorActionPreference SilentlyContinue {
        task body { param($n) Get-FlowTask (New-Flow empty) nowhere; "went on, $n, $ErrorActionPreference" } -Argument @{ n = 1 }
    }
    foreach ($limit in 1, 2) {
        $run = Invoke-Flow $flow -ThrottleLimit $limit
        Assert-Equal 'Success' $run.Tasks[0].State
        Assert-Equal 'went on, 1, SilentlyContinue' $run.Tasks[0].Result
    }
}

Scenario 'an error that ends its statement fails the task with any preference, whether the caller tries it or not' {
    foreach ($preference in 'Stop', 'Continue', 'SilentlyContinue') {
        $flow = New-Flow lenient -ErrorActionPreference $preference {
            task throws { throw 'no'; 'after' }
            task divides { $zero = 0; 1 / $zero; 'after' }
            task calls { no-such-command; 'after' }
            task catches { try { throw 'no' } catch { "caught $_" } }
        }
        foreach ($limit in 1, 2) {
            $run = Invoke-Flow $flow -ThrottleLimit $limit
            Assert-Equal @('Failed', 'Failed', 'Failed', 'Success') $run.Tasks.State -Because "$preference, $limit"
            try { $run = Invoke-Flow $flow -ThrottleLimit $limit } catch { throw 'nothing is thrown at the caller' }
            Assert-Equal @('Failed', 'Failed', 'Failed', 'Success') $run.Tasks.State -Because "$preference, $limit, in try"
            Assert-Equal 'Error during execution of task: no' $run.Tasks[0].Message
            Assert-Like "*throw 'no'*" $run.Tasks[0].Error.LineText
        }
    }
}

Scenario 'a signal ends a task with any preference' {
    $flow = New-Flow lenient -ErrorActionPreference SilentlyContinue { task body { Send-FlowSignal -Skip 'not today'; 'after' } }
    foreach ($limit in 1, 2) { Assert-Equal 'Skipped' (Invoke-Flow $flow -ThrottleLimit $limit).Tasks[0].State }
}

Scenario 'conditions and handlers stop at errors with any preference' {
    $run = New-Flow lenient -ErrorActionPreference SilentlyContinue {
        task asks { 'ran' } -When { Get-FlowTask (New-Flow empty) nowhere; $true }
        task told { 'ran' } -StateHandler { Get-FlowTask (New-Flow empty) nowhere }
    } | Invoke-Flow
    Assert-Equal @('Failed', 'Failed') $run.Tasks.State
}

Scenario 'a preference that would ask is refused' {
    foreach ($preference in 'Inquire', 'Suspend', 'Break', 'Sometimes') {
        $null = Assert-Error $(if ($preference -eq 'Sometimes') { 'CannotConvertArgumentNoMessage' } else { 'ParameterArgumentValidationError' }) {
            New-Flow asking -ErrorActionPreference $preference
        } -Like "*$preference*"
    }
}

Scenario 'the preference is no part of what makes a flow that flow' {
    $json = New-Flow same { task a { 1 } } | ConvertTo-FlowState | ConvertFrom-FlowState
    $other = New-Flow same -ErrorActionPreference Continue { task a { 1 } } | ConvertTo-FlowState | ConvertFrom-FlowState
    Assert-Equal ($json | ConvertFrom-Fingerprint) ($other | ConvertFrom-Fingerprint)
}
