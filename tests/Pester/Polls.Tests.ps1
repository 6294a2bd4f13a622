BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'
}

AfterAll {
    Stop-PlacedWorker
}

Describe 'Polls' {
    BeforeEach {
        $file = "$TestDrive/$(New-Guid).txt"
        function New-Polling([hashtable] $Task = @{}, [hashtable] $Flow = @{}, $PollInterval = '00:05:00') {
            New-Flow arrivals @Flow {
                task file { Test-Path $file } -Until { $_ } -PollInterval $PollInterval @Task
                task load { param($There) "loads: $There" } -InputFrom @{ There = 'file' }
            }
        }
    }

    It 'a task polls over steps, each in a process of its own' {
        $flow = New-Polling @{ WaitTimeout = '06:00:00' }
        $run = Invoke-FlowStep $flow
        $run.State, $run.HasPending, $run.Tasks[0].State | Should -BeStrictly 'Scheduled', $true, 'Scheduled'
        ($run.NextStartTime - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 4.9
        $run.Tasks[0].Message | Should -BeLike 'Polling until *Z.'
        $document = $run | ConvertFrom-FlowState
        $again = $document | ConvertTo-FlowState -Flow $flow | Set-FlowTaskState -Task file -To Scheduled -StartTime ([DateTime]::UtcNow) | Invoke-FlowStep
        ($again | ConvertFrom-FlowState).Length - $document.Length | Should -BeIn (-9..9)
        $null = New-Item $file
        $run = $again | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Set-FlowTaskState -Task file -To Scheduled -StartTime ([DateTime]::UtcNow) | Invoke-FlowStep
        $run.State, $run.Tasks[0].Result, $run.Tasks[0].RunCount, $run.Tasks[1].Result | Should -BeStrictly 'Success', $true, 1, 'loads: True'
    }

    It 'the last answer is the result, in $_ and as an argument: <Until>' -ForEach @(
        @{ Until = { $_ -ge 3 } }
        @{ Until = { param($Answer) $Answer -ge 3 } }
        @{ Until = { "$($FlowContext.TaskName) $_" -eq 'count 3' } }
        @{ Until = { $_ -ge $limit } }
    ) {
        $limit = 3
        $script:count = 0
        $run = Invoke-Flow (New-Flow f { task count { ++$script:count; $script:count } -Until $Until -PollInterval 0.01 })
        $run.Tasks[0].Result | Should -BeStrictly 3
    }

    It 'a secret answer is in nothing that -Until says of it: <Until>' -ForEach @(
        @{ Until = { throw "bad token $_" } }
        @{ Until = { Send-FlowSignal -Fail "bad token $_" } }
        @{ Until = { Write-Host "bad token $_"; $true } }
    ) {
        $store = "$TestDrive/$(New-Guid)"
        $flow = New-Flow f -Store $store { task token { Write-Host 'asks'; 'topsecretvalue' } -Sensitive -Until $Until }
        $run = Invoke-Flow $flow 6> $null
        $run | ConvertFrom-FlowState | Should -Not -BeLikeExactly '*topsecretvalue*'
        foreach ($file in Get-ChildItem $store -Recurse -File) {
            (Get-Content -LiteralPath $file.FullName -Raw) | Should -Not -BeLikeExactly '*topsecretvalue*' -Because "$file has the secret"
        }
        @((Get-FlowLog $flow).Text) + $run.Tasks[0].Message -join "`n" | Should -BeLikeExactly '*bad token (secret)*'
    }

    It 'an answer of several objects, or of none, is asked about as a whole' {
        $script:count = 0
        $run = Invoke-Flow (New-Flow f { task list { if (++$script:count -gt 1) { 1..$script:count } } -Until { $_.Count -eq 3 } -PollInterval 0.01 })
        $run.Tasks[0].Result | Should -BeStrictly 1, 2, 3
    }

    It 'the time ends as -WaitTimeoutAction says: <Action>' -ForEach @(
        @{ Action = 'Fail'; State = 'TimedOut'; Result = 'not yet'; After = 'TriggerFailed' }
        @{ Action = 'Skip'; State = 'Skipped'; Result = $null; After = 'Skipped' }
        @{ Action = 'Run'; State = 'Success'; Result = 'not yet'; After = 'Success' }
    ) {
        $flow = New-Flow f {
            task poll { 'not yet' } -Until { $_ -eq 'yes' } -PollInterval 60 -WaitTimeout 0.05 -WaitTimeoutAction $Action
            task after { 1 } -After poll
        }
        $run = Invoke-Flow $flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run.Tasks.State | Should -Be $State, $After
        $run.Tasks[0].Result | Should -BeStrictly $Result
    }

    It 'retries are as they are without: <Retries>' -ForEach @(
        @{ Retries = 2; State = 'Success'; Result = 'yes 5'; RunCount = 3 }
        @{ Retries = 1; State = 'Failed'; Result = $null; RunCount = 2 }
    ) {
        $script:count = 0
        $run = Invoke-Flow (New-Flow f {
                task poll { if (++$script:count -in 1, 3) { throw "no $script:count" }; ('no', 'yes')[$script:count -eq 5] + " $script:count" } -Until { $_ -like 'yes*' } -PollInterval 0.01 -MaxRetries $Retries
            })
        $run.Tasks[0].State, $run.Tasks[0].Result, $run.Tasks[0].RunCount | Should -BeStrictly $State, $Result, $RunCount
    }

    It 'with -SkipWait polls are over at once, and a mocked task neither waits nor polls' {
        $flow = New-Polling @{ WaitTimeout = '06:00:00'; Delay = '1.00:00:00' }
        $time = Measure-Command { $run = Invoke-Flow $flow -SkipWait }
        $run.Tasks.State | Should -Be TimedOut, TriggerFailed
        $run.Tasks[0].Result | Should -BeStrictly $false
        $time.TotalSeconds | Should -BeLessThan 20
        (Invoke-Flow $flow -Mock @{ file = { $false } }).Tasks[1].Result | Should -BeExactly 'loads: False'
    }

    It 'a mistake in -Until fails its task and says so' {
        $run = Invoke-Flow (New-Flow f { task poll { 1 } -Until { throw "no $_" } })
        $run.Tasks[0].State | Should -Be Failed
        $run.Tasks[0].Message | Should -BeExactly 'Unexpected error while checking the answer of a poll: no 1'
    }

    It 'makes no sense of <Task>' -ForEach @(
        @{ Task = @{ Until = { $_ }; WaitForEvent = 'go' }; Expected = '*both -Until and -WaitForEvent*' }
        @{ Task = @{ PollInterval = 5 }; Expected = '*-PollInterval needs -Until*' }
        @{ Task = @{ WaitTimeout = 5 }; Expected = '*need -WaitForEvent or -Until*' }
        @{ Task = @{ Until = { $_ }; WaitTimeoutAction = 'Skip' }; Expected = '*needs -WaitTimeout*' }
        @{ Task = @{ Until = { $_ }; PollInterval = 0 }; Expected = '*PollInterval*' }
        @{ Task = @{ Delay = 0 }; Expected = '*Delay*' }
    ) {
        { New-Flow f { task ask { 1 } @Task } } | Should -Throw $Expected
    }

    It 'a flow in a task does not poll' {
        { New-Flow f { task sub -Subflow (New-Flow inner { task x { 1 } }) -Until { $_ } } } | Should -Throw '*-Until only applies to a script block*'
    }

    It 'a row of New-Flow -Task has the same parameters, and a task shows them' {
        $flow = New-Flow f -Task @{ Name = 'poll'; ScriptBlock = { 1 }; Until = { $_ }; PollInterval = '00:02:00'; WaitTimeout = '01:00:00'; Delay = '00:00:00.01' }
        $task = Get-FlowTask $flow poll
        "$($task.Until)|$($task.PollInterval)|$($task.WaitTimeout)|$($task.WaitTimeoutAction)|$($task.Delay)" | Should -BeExactly ' $_ |00:02:00|01:00:00|Fail|00:00:00.0100000'
        $task | Format-List | Out-String | Should -Match 'PollInterval\s+: 00:02:00'
        (Invoke-Flow $flow).State | Should -Be Success
    }

    It 'a plan and -WhatIf say when' {
        $flow = New-Polling
        $run = Invoke-FlowStep $flow
        (Get-FlowPlan -State $run)[0].Reason | Should -BeLike 'its next poll is at *'
        (Get-FlowPlan $flow).Action | Should -Be Run, Unknown
    }

    It 'a task polls in <Place>' -ForEach (Get-TaskPlace) {
        $body = [scriptblock]::Create("[IO.File]::AppendAllText('$file', 'x'); 'polled ' + [IO.File]::ReadAllText('$file')")
        $task = Invoke-InPlace $In $body -Task @{ Until = { $_ -eq 'polled xx' }; PollInterval = 0.01 }
        $task.State, $task.Result | Should -BeStrictly 'Success', 'polled xx'
    }

    It 'a recorded run polls in the processes that resume it, and its history does not grow' {
        $folder = "$TestDrive/$(New-Guid)"
        $flow = New-Polling -Flow @{ Store = $folder } -PollInterval 0.001
        $first = Invoke-FlowStep $flow -RunId r
        1..5 | ForEach-Object { Start-Sleep -Milliseconds 5; $null = Invoke-FlowStep $flow -RunId r }
        $null = New-Item $file
        Start-Sleep -Milliseconds 5
        $run = Invoke-FlowStep $flow -RunId r
        $run.State | Should -Be Success
        $first.Tasks[0].State | Should -Be Scheduled
        @($flow | Get-FlowHistory -RunId r | Where-Object Task -EQ file).To | Should -BeExactly Running, Scheduled, Running, Success
    }
}

Describe 'A delay' {
    It 'counts from the moment the task could have started' {
        $flow = New-Flow f { task first { 1 }; task second { 2 } -After first -Delay 01:00:00 }
        $run = Invoke-FlowStep $flow
        $run.State, $run.Tasks[1].State, $run.Tasks[1].Message | Should -BeStrictly 'Scheduled', 'Scheduled', 'Delayed by 01:00:00.'
        ($run.NextStartTime - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 59
        $time = Measure-Command { $run = Invoke-Flow $flow -SkipWait }
        $run.State | Should -Be Success
        $time.TotalSeconds | Should -BeLessThan 20
    }

    It 'of days is not given as a number' {
        { New-Flow f { task a { 1 } -Delay (New-TimeSpan -Days 3) } } | Should -Not -Throw
    }
}
