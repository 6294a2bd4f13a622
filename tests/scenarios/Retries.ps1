Scenario 'a task that fails is tried again, and its attempts are counted' {
    $log = [Collections.Generic.List[int]]::new()
    $run = New-Flow retries {
        task a { $log.Add($FlowContext.RunCount); if ($log.Count -lt 3) { throw 'busy' }; 'ok' } -MaxRetries 2
    } | Invoke-Flow
    Assert-Equal @(1, 2, 3) $log
    Assert-Equal 'Success' $run.State
    Assert-Equal 3 $run.Tasks[0].RunCount
}

Scenario 'a step leaves a retry for later and says when' {
    $flow = New-Flow retries { task a { throw 'busy' } -MaxRetries 1 -RetryDelay 01:00:00; task b { 'other' } }
    $run = Invoke-FlowStep $flow
    Assert-Equal @('Retrying', 'Success') $run.Tasks.State
    Assert-Equal 'Retrying Task (after attempt 1 of 2)' $run.Tasks[0].Message
    Assert-Equal 'Scheduled' $run.State
    Assert-True $run.HasPending
    Assert-True ($run.NextStartTime -gt [DateTimeOffset]::UtcNow.AddMinutes(59))

    $again = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    Assert-Equal $run.NextStartTime $again.NextStartTime
    $again = $again | Invoke-FlowStep
    Assert-Equal 1 $again.Step # too early: as it was
}

Scenario 'a step may wait for a retry itself' {
    $log = [Collections.Generic.List[int]]::new()
    $flow = New-Flow retries { task a { $log.Add(1); if ($log.Count -lt 2) { throw 'busy' } } -MaxRetries 1 -RetryDelay 0.01 }
    $run = Invoke-FlowStep $flow -Wait
    Assert-Equal 'Success' $run.State
}

Scenario 'with one task a step, a task that always fails ends after its last attempt' {
    $log = [Collections.Generic.List[int]]::new()
    $flow = New-Flow retries { task a { $log.Add($FlowContext.RunCount); throw 'always' } -MaxRetries 1 }
    $run = Invoke-FlowStep $flow -MaxTasks 1
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
    Assert-Equal @(1, 2) $log
    Assert-Equal 'Failed' $run.State
    Assert-Equal 2 $run.Step
}

Scenario 'only what RetryOn names is retried: a type, its name, an error id, or what a block says' {
    $cases = @(
        @{ On = [InvalidOperationException]; Attempts = 2 }
        @{ On = [SystemException]; Attempts = 2 }
        @{ On = 'InvalidOperationException'; Attempts = 2 }
        @{ On = { param($failure) $failure.Message -like '*busy*' }; Attempts = 2 }
        @{ On = [IO.IOException]; Attempts = 1 }
        @{ On = 'SomeOtherId'; Attempts = 1 }
        @{ On = { $false }; Attempts = 1 }
    )
    foreach ($case in $cases) {
        $log = [Collections.Generic.List[int]]::new()
        New-Flow retries {
            task a { $log.Add(1); throw [InvalidOperationException]::new('busy') } -MaxRetries 1 -RetryOn $case.On
        } | Invoke-Flow | Out-Null
        Assert-Equal $case.Attempts $log.Count
    }
}

Scenario 'RetryOn sees the exception that a .NET method throws, as catch does' {
    foreach ($on in [IO.IOException], 'IOException', 'System.IO.IOException', [Exception]) {
        foreach ($throttle in 1, 2) { # here, and in a runspace of its own
            $run = New-Flow retries { task a { [IO.File]::ReadAllText('/no/such/file') } -MaxRetries 1 -RetryOn $on } | Invoke-Flow -ThrottleLimit $throttle
            Assert-Equal 2 $run.Tasks[0].RunCount -Because "throttle $throttle, $on"
        }
    }

    $run = New-Flow retries {
        task other { [IO.File]::ReadAllText('/no/such/file') } -MaxRetries 1 -RetryOn ([ArgumentException])
        task made { [Uri]::new('http:// ') } -MaxRetries 1 -RetryOn UriFormatException
    } | Invoke-Flow
    Assert-Equal @(1, 2) $run.Tasks.RunCount
}

Scenario 'a retry signal runs the task again without an allowance, at its time' {
    $due = [DateTimeOffset]::UtcNow.AddHours(2)
    $run = New-Flow retries { task a { Send-FlowSignal -Retry 'not yet' -StartTime $due } } | Invoke-FlowStep
    Assert-Equal 'Retrying' $run.Tasks[0].State
    Assert-Equal 'not yet' $run.Tasks[0].Message
    Assert-Equal $due $run.NextStartTime
}

Scenario 'numbers and delays that make no sense are clear errors' {
    Assert-Error -Id ParameterArgumentValidationError { New-Flow retries { task a { } -MaxRetries -1 } }
    Assert-Error -Id ParameterArgumentValidationError { New-Flow retries { task a { } -MaxRetries 1 -RetryDelay -5 } }
    Assert-Error -Id ParameterArgumentValidationError { New-Flow retries { task a { } -MaxRetries 1 -RetryJitter 2 } }
    Assert-Error -Id FlowTaskInvalid { New-Flow retries { task a { } -RetryDelay 5 } }
    Assert-Error -Id FlowTaskInvalid { New-Flow retries { task a { } -RetryBackoff Exponential } }
    Assert-Error -Id FlowTaskInvalid { New-Flow retries { task a { } -RetryJitter 0.5 } }
    Assert-Error -Id FlowTaskInvalid { New-Flow retries { task a { } -MaxRetries 5 -RetryBackoff Exponential } }
    Assert-Error -Id FlowTaskInvalid { New-Flow retries { task a { } -MaxRetries 5 -RetryJitter 0.5 } }
    Assert-Equal 1 (New-Flow retries { task a { } -RetryBackoff Constant -RetryJitter 0 }).Tasks.Count
}

Scenario 'a RetryOn block that fails itself is an error, and the run is there all the same' {
    $flow = New-Flow filter { task bad { throw 'bug' } -MaxRetries 1 -RetryOn { throw 'filter broke' }; task good { 1 } }
    $faults = $null
    $run = Invoke-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults
    Assert-Equal @('Failed', 'Success') $run.Tasks.State
    Assert-Like "Task 'bad' is not retried: its -RetryOn block failed itself: filter broke." "$($faults[-1])"
}

Scenario 'a delay, a timeout, a budget and a cache may last for ever' {
    $flow = New-Flow long {
        task ok { 1 } -Timeout ([timespan]::MaxValue) -CacheFor ([timespan]::MaxValue)
        task fails { throw 'x' } -MaxRetries 1 -RetryDelay ([timespan]::MaxValue)
    }
    $run = Invoke-FlowStep $flow -TimeBudget 500000000000 -WarningVariable warnings
    Assert-Equal @('Cached', 'Retrying') $run.Tasks.State
    Assert-Equal 0 $warnings.Count
    $run = $run | ConvertFrom-FlowState -AsPrefect | ConvertTo-FlowState -Flow $flow
    Assert-Equal 9999 $run.NextStartTime.Year
    Assert-Equal 'Retrying' ($run | ConvertFrom-FlowState -Compact | ConvertTo-FlowState -Flow $flow).Tasks[1].State
}
