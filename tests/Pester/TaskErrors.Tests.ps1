BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'TaskErrors' {
    BeforeAll {
        function ConvertFrom-Fingerprint { process { [regex]::Match($_, 'sha256:[0-9a-f]+').Value } }

        function Get-FailedTask([scriptblock] $Body) {
            $task = (New-Flow single { task body $Body } | Invoke-Flow).Tasks[0]
            $task.State | Should -BeExactly 'Failed'
            $task
        }
    }

    It 'a throw fails the task with its message' {
        $task = Get-FailedTask { throw 'out of luck' }
        $task.Message | Should -BeExactly 'Error during execution of task: out of luck'
        $task.Error.Message | Should -BeExactly 'out of luck'
        "$($task.Error)" | Should -BeExactly 'out of luck'
    }

    It 'an error is kept with its id, script, line and stack' {
        $task = Get-FailedTask {
            function Open-Door { throw 'locked' }
            Open-Door
        }
        $task.Error.ScriptName | Should -BeLikeExactly '*TaskErrors.Tests.ps1'
        $task.Error.LineText | Should -BeExactly "function Open-Door { throw 'locked' }"
        $task.Error.Line | Should -BeGreaterThan 1 -Because 'the line is known'
        $task.Error.Stack | Should -BeLikeExactly "at Open-Door, *TaskErrors.Tests.ps1: line $($task.Error.Line)*"
        $task.Error.Id | Should -BeExactly 'locked'
    }

    It 'a statement''s error stops the task, whatever the caller prefers' {
        $ErrorActionPreference = 'Continue'
        $log = [Collections.Generic.List[string]]::new()
        $task = Get-FailedTask { [int] 'x'; $log.Add('went on') }
        $log.Count | Should -Be 0
        $task.Error.Id | Should -BeExactly 'InvalidCastFromStringToInteger'
    }

    It 'a command''s error stops the task, whatever the caller prefers' {
        $ErrorActionPreference = 'SilentlyContinue'
        $log = [Collections.Generic.List[string]]::new()
        $task = Get-FailedTask { Get-FlowTask (New-Flow empty) nowhere; $log.Add('went on') }
        $log.Count | Should -Be 0
        $task.Error.Id | Should -BeLikeExactly 'FlowTaskNotFound,*'
    }

    It 'a task may choose to continue after an error' {
        $run = New-Flow brave {
            task a { $ErrorActionPreference = 'SilentlyContinue'; Get-FlowTask (New-Flow empty) nowhere; 'went on' }
        } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeExactly 'went on'
    }

    It 'an exception of .NET is named by its type' {
        $task = Get-FailedTask { throw [InvalidOperationException]::new('not now') }
        $task.Error.ExceptionType | Should -BeExactly 'System.InvalidOperationException'
        $task.Message | Should -BeExactly 'Error during execution of task: not now'
    }

    It 'an error of the language is named by a type that a script can catch' {
        $zero = 0
        $task = Get-FailedTask { 1 / $zero }
        $task.Message | Should -BeExactly 'Error during execution of task: Attempted to divide by zero.'
        $task.Error.ExceptionType | Should -BeExactly 'System.Management.Automation.RuntimeException'
    }

    It 'an error that is caught in the task is none' {
        $run = New-Flow calm { task a { try { throw 'no' } catch { "caught $_" } } } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeExactly 'caught no'
    }

    It 'output before an error is not a result' {
        (Get-FailedTask { 'partial'; throw 'no' }).Result | Should -Be $null
    }

    # Older ones have no such preference.
    It 'a failing native command fails its task' -Skip:($PSVersionTable.PSVersion -lt [version] '7.4') {
        $task = Get-FailedTask { if ($PSVersionTable['Platform'] -eq 'Unix') { sh -c 'exit 3' } else { cmd /c 'exit 3' } }
        $task.Error.Id | Should -BeExactly 'ProgramExitedWithNonZeroCode'
        $task.Message | Should -BeLikeExactly '*3*'
    }

    It 'a native command that is not there fails its task' {
        (Get-FailedTask { no-such-program-anywhere }).Error.Id | Should -BeExactly 'CommandNotFoundException'
    }

    It 'break outside a loop fails the task and reaches no loop of the caller' {
        foreach ($pass in 1, 2) {
            $last = $pass
            (Get-FailedTask { break }).Message | Should -BeLikeExactly '*outside a loop*'
            (Get-FailedTask { continue }).Message | Should -BeLikeExactly '*outside a loop*'
        }
        $last | Should -Be 2
    }

    It 'exit fails the task and leaves the session' {
        (Get-FailedTask { exit 3 }).Message | Should -BeLikeExactly '*the task called exit*'
    }

    It 'return ends a task early with what it put out' {
        (New-Flow single { task body { return 'early'; throw 'not reached' } } | Invoke-Flow).Tasks[0].Result | Should -BeExactly 'early'
    }

    It 'other tasks run on after a failure' {
        $run = New-Flow on { task bad { throw 'no' }; task good { 'yes' } } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Success'
    }

    It 'a failure of the engine''s own cmdlets keeps its id' {
        $task = Get-FailedTask { New-Flow x -Target 'a.txt' }
        $task.Error.Id | Should -BeLikeExactly 'FlowTargetInvalid*'
    }

    It 'with another preference a task continues after an error that its command continues after' {
        $flow = New-Flow lenient -ErrorActionPreference SilentlyContinue {
            task body { param($n) Get-FlowTask (New-Flow empty) nowhere; "went on, $n, $ErrorActionPreference" } -Argument @{ n = 1 }
        }
        foreach ($limit in 1, 2) {
            $run = Invoke-Flow $flow -ThrottleLimit $limit
            $run.Tasks[0].State | Should -BeExactly 'Success'
            $run.Tasks[0].Result | Should -BeExactly 'went on, 1, SilentlyContinue'
        }
    }

    It 'an error that ends its statement fails the task with any preference, whether the caller tries it or not: <Preference>' -ForEach @(
        @{ Preference = 'Stop' }
        @{ Preference = 'Continue' }
        @{ Preference = 'SilentlyContinue' }
    ) {
        $flow = New-Flow lenient -ErrorActionPreference $Preference {
            task throws { throw 'no'; 'after' }
            task divides { $zero = 0; 1 / $zero; 'after' }
            task calls { no-such-command; 'after' }
            task catches { try { throw 'no' } catch { "caught $_" } }
        }
        foreach ($limit in 1, 2) {
            $run = Invoke-Flow $flow -ThrottleLimit $limit
            $run.Tasks.State | Should -BeExactly 'Failed', 'Failed', 'Failed', 'Success' -Because "throttle $limit"
            try { $run = Invoke-Flow $flow -ThrottleLimit $limit } catch { throw 'nothing is thrown at the caller' }
            $run.Tasks.State | Should -BeExactly 'Failed', 'Failed', 'Failed', 'Success' -Because "throttle $limit, in try"
            $run.Tasks[0].Message | Should -BeExactly 'Error during execution of task: no'
            $run.Tasks[0].Error.LineText | Should -BeLikeExactly "*throw 'no'*"
        }
    }

    It 'a signal ends a task with any preference' {
        $flow = New-Flow lenient -ErrorActionPreference SilentlyContinue { task body { Send-FlowSignal -Skip 'not today'; 'after' } }
        foreach ($limit in 1, 2) { (Invoke-Flow $flow -ThrottleLimit $limit).Tasks[0].State | Should -BeExactly 'Skipped' }
    }

    It 'conditions and handlers stop at errors with any preference' {
        $run = New-Flow lenient -ErrorActionPreference SilentlyContinue {
            task asks { 'ran' } -When { Get-FlowTask (New-Flow empty) nowhere; $true }
            task told { 'ran' } -StateHandler { Get-FlowTask (New-Flow empty) nowhere }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Failed'
    }

    It 'a preference that would ask is refused: <Preference>' -ForEach @(
        @{ Preference = 'Inquire'; Id = 'ParameterArgumentValidationError' }
        @{ Preference = 'Suspend'; Id = 'ParameterArgumentValidationError' }
        @{ Preference = 'Break'; Id = 'ParameterArgumentValidationError' }
        @{ Preference = 'Sometimes'; Id = 'CannotConvertArgumentNoMessage' }
    ) {
        { New-Flow asking -ErrorActionPreference $Preference } |
            Should -Throw -ErrorId "$Id,*" -PassThru | Should -BeLikeExactly "*$Preference*"
    }

    It 'the preference is not a part of what makes a flow that flow' {
        $json = New-Flow same { task a { 1 } } | ConvertTo-FlowState | ConvertFrom-FlowState
        $other = New-Flow same -ErrorActionPreference Continue { task a { 1 } } | ConvertTo-FlowState | ConvertFrom-FlowState
        $other | ConvertFrom-Fingerprint | Should -BeStrictly ($json | ConvertFrom-Fingerprint)
    }
}
