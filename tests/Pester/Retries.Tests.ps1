BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Retries' {
    It 'a task that fails is tried again, and its attempts are counted' {
        $log = [Collections.Generic.List[int]]::new()
        $run = New-Flow retries {
            task a { $log.Add($FlowContext.RunCount); if ($log.Count -lt 3) { throw 'busy' }; 'ok' } -MaxRetries 2
        } | Invoke-Flow
        $log | Should -BeStrictly 1, 2, 3
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[0].RunCount | Should -Be 3
    }

    It 'a step leaves a retry for later and says when' {
        $flow = New-Flow retries { task a { throw 'busy' } -MaxRetries 1 -RetryDelay 01:00:00; task b { 'other' } }
        $run = Invoke-FlowStep $flow
        $run.Tasks.State | Should -BeExactly 'Retrying', 'Success'
        $run.Tasks[0].Message | Should -BeExactly 'Retrying Task (after attempt 1 of 2)'
        $run.State | Should -BeExactly 'Scheduled'
        $run.HasPending | Should -BeTrue
        $run.NextStartTime | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(59))

        $again = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $again.NextStartTime | Should -BeExactly $run.NextStartTime
        $again = $again | Invoke-FlowStep
        $again.Step | Should -Be 1 # too early: as it was
    }

    It 'a step may wait for a retry itself' {
        $log = [Collections.Generic.List[int]]::new()
        $flow = New-Flow retries { task a { $log.Add(1); if ($log.Count -lt 2) { throw 'busy' } } -MaxRetries 1 -RetryDelay 0.01 }
        $run = Invoke-FlowStep $flow -Wait
        $run.State | Should -BeExactly 'Success'
    }

    It 'with one task a step, a task that always fails ends after its last attempt' {
        $log = [Collections.Generic.List[int]]::new()
        $flow = New-Flow retries { task a { $log.Add($FlowContext.RunCount); throw 'always' } -MaxRetries 1 }
        $run = Invoke-FlowStep $flow -MaxTasks 1
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
        $log | Should -BeStrictly 1, 2
        $run.State | Should -BeExactly 'Failed'
        $run.Step | Should -Be 2
    }

    It 'only what RetryOn names is retried: a type, its name, an error id, or what a block says: <On>' -ForEach @(
        @{ On = [InvalidOperationException]; Attempts = 2 }
        @{ On = [SystemException]; Attempts = 2 }
        @{ On = 'InvalidOperationException'; Attempts = 2 }
        @{ On = { param($failure) $failure.Message -like '*busy*' }; Attempts = 2 }
        @{ On = [IO.IOException]; Attempts = 1 }
        @{ On = 'SomeOtherId'; Attempts = 1 }
        @{ On = { $false }; Attempts = 1 }
    ) {
        $log = [Collections.Generic.List[int]]::new()
        New-Flow retries {
            task a { $log.Add(1); throw [InvalidOperationException]::new('busy') } -MaxRetries 1 -RetryOn $On
        } | Invoke-Flow | Out-Null
        $log.Count | Should -Be $Attempts
    }

    It 'RetryOn sees the exception that a .NET method throws, as catch does: <On>' -ForEach @(
        @{ On = [IO.IOException] }
        @{ On = 'IOException' }
        @{ On = 'System.IO.IOException' }
        @{ On = [Exception] }
    ) {
        foreach ($throttle in 1, 2) { # here, and in a runspace of its own
            $run = New-Flow retries {
                task a { [IO.File]::ReadAllText('/no/such/file') } -MaxRetries 1 -RetryOn $On
            } | Invoke-Flow -ThrottleLimit $throttle
            $run.Tasks[0].RunCount | Should -Be 2 -Because "throttle $throttle"
        }
    }

    It 'RetryOn is of the exception alone, however it came about' {
        $run = New-Flow retries {
            task other { [IO.File]::ReadAllText('/no/such/file') } -MaxRetries 1 -RetryOn ([ArgumentException])
            task made { [Uri]::new('http:// ') } -MaxRetries 1 -RetryOn UriFormatException
        } | Invoke-Flow
        $run.Tasks.RunCount | Should -BeStrictly 1, 2
    }

    It 'a retry signal runs the task again without an allowance, at its time' {
        $due = [DateTimeOffset]::UtcNow.AddHours(2)
        $run = New-Flow retries { task a { Send-FlowSignal -Retry 'not yet' -StartTime $due } } | Invoke-FlowStep
        $run.Tasks[0].State | Should -BeExactly 'Retrying'
        $run.Tasks[0].Message | Should -BeExactly 'not yet'
        $run.NextStartTime | Should -BeExactly $due
    }

    It 'numbers and delays that make no sense are clear errors' {
        { New-Flow retries { task a { } -MaxRetries -1 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-Flow retries { task a { } -MaxRetries 1 -RetryDelay -5 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-Flow retries { task a { } -MaxRetries 1 -RetryJitter 2 } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-Flow retries { task a { } -RetryDelay 5 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow retries { task a { } -RetryBackoff Exponential } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow retries { task a { } -RetryJitter 0.5 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow retries { task a { } -MaxRetries 5 -RetryBackoff Exponential } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        { New-Flow retries { task a { } -MaxRetries 5 -RetryJitter 0.5 } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        (New-Flow retries { task a { } -RetryBackoff Constant -RetryJitter 0 }).Tasks.Count | Should -Be 1
    }

    It 'a RetryOn block that fails itself is an error, and the run is there all the same' {
        $flow = New-Flow filter { task bad { throw 'bug' } -MaxRetries 1 -RetryOn { throw 'filter broke' }; task good { 1 } }
        $faults = $null
        $run = Invoke-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults
        $run.Tasks.State | Should -BeExactly 'Failed', 'Success'
        "$($faults[-1])" | Should -BeLikeExactly "Task 'bad' is not retried: its -RetryOn block failed: filter broke."
    }

    It 'a delay, a timeout, a budget and a cache may last for ever' {
        $flow = New-Flow long {
            task ok { 1 } -Timeout ([timespan]::MaxValue) -CacheFor ([timespan]::MaxValue)
            task fails { throw 'x' } -MaxRetries 1 -RetryDelay ([timespan]::MaxValue)
        }
        $run = Invoke-FlowStep $flow -TimeBudget 500000000000 -WarningVariable warnings
        $run.Tasks.State | Should -BeExactly 'Cached', 'Retrying'
        $warnings.Count | Should -Be 0
        $run = $run | ConvertFrom-FlowState -AsPrefect | ConvertTo-FlowState -Flow $flow
        $run.NextStartTime.Year | Should -Be 9999
        ($run | ConvertFrom-FlowState -Compact | ConvertTo-FlowState -Flow $flow).Tasks[1].State | Should -BeExactly 'Retrying'
    }
}
