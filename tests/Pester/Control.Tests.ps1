BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function New-Chain([string] $Store = $folder, [switch] $Waits, [int] $Timeout) {
        $beside = if ($Timeout) { @{ Timeout = $Timeout } } else { @{} }
        New-Flow chain -Store $Store {
            task a { param($Store) Add-Content (Join-Path $Store 'begun.txt') 'a'; 'a' } -Argument @{ Store = $Store }
            task b {
                param($Store, $Waits)
                Add-Content (Join-Path $Store 'begun.txt') 'b'
                while ($Waits -and -not (Test-Path (Join-Path $Store 'go.txt'))) { Start-Sleep -Milliseconds 20 }
                'b'
            } -After a -Argument @{ Store = $Store; Waits = [bool] $Waits } @beside
            task c { param($Store) Add-Content (Join-Path $Store 'begun.txt') 'c'; 'c' } -After b -Argument @{ Store = $Store }
        }
    }

    function Get-Begun { @(Get-Content (Join-Path $folder 'begun.txt') -ErrorAction Ignore) }

    # Takes a step in a process of its own, and waits until b has begun there.
    function Start-Step([int] $Timeout) {
        $line = "Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; `$folder = '$folder'; function New-Chain { $(${function:New-Chain}) }; " +
            "`$run = Invoke-FlowStep (New-Chain -Store '$folder' -Waits -Timeout $Timeout) -RunId run; " +
            "Set-Content (Join-Path '$folder' 'ended.txt') `"`$(`$run.State) `$(`$run.IsStopped) `$(`$run.IsSuspended)`""
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-EncodedCommand', $encoded)
        $process = Start-Process $program -ArgumentList $arguments -PassThru -RedirectStandardError (Join-Path $folder 'errors.txt')
        $children.Add($process)
        Wait-Until { 'b' -in (Get-Begun) }
        $process
    }

    function Wait-Until([scriptblock] $Condition) {
        for ($i = 0; $i -lt 600 -and -not (& $Condition); $i++) { Start-Sleep -Milliseconds 50 }
        & $Condition | Should -BeTrue -Because "$(Get-Content (Join-Path $folder 'errors.txt') -Raw -ErrorAction Ignore)"
    }

    function Get-Ending($process) {
        $process.WaitForExit(30000) | Should -BeTrue
        $ending = Get-Content (Join-Path $folder 'ended.txt') -ErrorAction Ignore
        $ending | Should -Not -BeNullOrEmpty -Because "$(Get-Content (Join-Path $folder 'errors.txt') -Raw)"
        $ending
    }
}

Describe 'Control of a recorded run' {
    BeforeEach { $folder = New-TestFolder }

    Context 'with nobody at work on it' {
        BeforeEach { $null = Invoke-FlowStep (New-Chain) -RunId run -MaxTasks 1 }

        It 'a run that was stopped is removed with those that are as old' {
            $null = Get-FlowRun (New-Chain) -RunId run | Stop-FlowRun
            Remove-FlowRun -Store $folder -OlderThan 01:00:00
            (Get-FlowRun -Store $folder).IsStopped | Should -BeTrue
            Remove-FlowRun -Store $folder -State Cancelled -OlderThan 00:00:00
            Get-FlowRun -Store $folder | Should -BeNullOrEmpty
            Get-ChildItem (Join-Path $folder 'runs') -File -Recurse | Should -BeNullOrEmpty
        }

        It 'a run is stopped, says by whom and why, and nothing continues it' {
            $run = Get-FlowRun (New-Chain) -RunId run | Stop-FlowRun -Reason 'wrong data' -RequestedBy alice
            $run.State | Should -BeExactly 'Cancelled'
            $run.IsStopped, $run.HasPending, $run.RequestedBy, $run.Reason | Should -BeStrictly $true, $false, 'alice', 'wrong data'
            $run.Message | Should -BeExactly 'Stopped by alice: wrong data'
            (Invoke-FlowStep (New-Chain) -RunId run).IsStopped | Should -BeTrue
            ($run | Set-FlowTaskState -From Cancelled -To Pending | Invoke-FlowStep -ResetCancelled).IsStopped | Should -BeTrue
            Get-Begun | Should -BeExactly 'a'
            $summary = Get-FlowRun (New-Chain)
            $summary.IsFinished, $summary.IsStopped | Should -BeStrictly $true, $true
            (Invoke-FlowStep (New-Chain) -Resume -MaxTasks 1).RunId | Should -Not -Be 'run'
        }

        It 'a stopped run continues by force, and by the name of a task' {
            $null = Stop-FlowRun (New-Chain) -RunId run
            { Resume-FlowRun (New-Chain) -RunId run -ErrorAction Stop } | Should -Throw -ErrorId 'FlowRunStopped,*'
            (Resume-FlowRun (New-Chain) -RunId run -Force).State | Should -BeExactly 'Pending'
            $null = Stop-FlowRun (New-Chain) -RunId run
            $run = Get-FlowRun (New-Chain) -RunId run | Set-FlowTaskState -Task b -To Pending -IncludeDownstream
            $run.IsStopped, "$($run.State)" | Should -BeStrictly $false, 'Pending'
            ($run | Invoke-FlowStep).State | Should -BeExactly 'Success'
            Get-Begun | Should -BeExactly 'a', 'b', 'c'
        }

        It 'a suspended run is returned as it is until it is resumed' {
            $flow = New-Chain
            $run = Suspend-FlowRun -Flow $flow -RunId run -Reason 'holidays'
            $run.IsSuspended, "$($run.State)", $run.HasPending | Should -BeStrictly $true, 'Paused', $false
            $step = Invoke-FlowStep $flow -Resume
            $step.RunId, $step.Reason | Should -BeStrictly 'run', 'holidays'
            (Get-FlowRun $flow).IsSuspended | Should -BeTrue
            (Get-FlowRun $flow -RunId run | Resume-FlowRun | Invoke-FlowStep).State | Should -BeExactly 'Success'
        }

        It 'the name of the flow is enough, and what comes out is the summary' {
            $run = Suspend-FlowRun -Store $folder -FlowName chain -RunId run
            $run | Should -BeOfType 'PrefectPS.Runs.FlowRun'
            "$($run.State)", $run.IsSuspended, $run.RequestedBy | Should -BeStrictly 'Paused', $true, "$([Environment]::UserName)@$([Environment]::MachineName)"
            (Get-FlowRun -Store $folder -RunId run | Stop-FlowRun).IsStopped | Should -BeTrue
            (Invoke-FlowStep (New-Chain) -RunId run).IsStopped | Should -BeTrue
            { Get-FlowRun -Store $folder -RunId run | Set-FlowTaskState -Task b -To Pending } | Should -Throw -ErrorId 'FlowRequired,*'
        }

        It 'a run that is neither suspended nor stopped is left as it is, with the line that continues it' {
            $warnings = $null
            Resume-FlowRun (New-Chain) -RunId run -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            "$warnings" | Should -BeLikeExactly "*is neither suspended nor stopped, but Pending*Invoke-FlowStep `$flow -RunId 'run'"
        }

        It 'a stop that comes too late warns' {
            $null = Invoke-FlowStep (New-Chain) -RunId run
            $run = Stop-FlowRun (New-Chain) -RunId run -WarningVariable warnings -WarningAction SilentlyContinue
            $run.IsStopped, "$($run.State)" | Should -BeStrictly $false, 'Success'
            "$warnings" | Should -BeLikeExactly '*there is nothing to stop.'
        }

        It 'tasks are set on record as they are on a state in hand' {
            $flow = New-Chain
            $run = Get-FlowRun $flow -RunId run | Set-FlowTaskState -Task b -To Success -Result 'by hand' -Message 'done by bob'
            ($run | Get-FlowTask b).Result | Should -BeExactly 'by hand'
            (Get-FlowRun $flow -RunId run | Get-FlowTask b).Message | Should -BeExactly 'done by bob'
            (Invoke-FlowStep $flow -RunId run).State | Should -BeExactly 'Success'
            Get-Begun | Should -BeExactly 'a', 'c'
            { Get-FlowRun $flow -RunId run | Set-FlowTaskState -Task nobody -To Pending } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
            { Get-FlowRun $flow -RunId run | Set-FlowTaskState -Task b -To Success -StartTime (Get-Date) } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
        }

        It 'a recorded run is converted to a document as a state in hand is' {
            $flow = New-Chain
            $document = Get-FlowRun $flow -RunId run | ConvertFrom-FlowState | ConvertFrom-Json
            $document.run.id, $document.tasks.Count | Should -BeStrictly 'run', 3
            { Get-FlowRun -Store $folder -RunId run | ConvertFrom-FlowState } | Should -Throw -ErrorId 'FlowRequired,*'
        }

        It '-WhatIf asks for nothing' {
            Stop-FlowRun (New-Chain) -RunId run -WhatIf
            Get-FlowRun (New-Chain) -RunId run | Set-FlowTaskState -To Skipped -WhatIf
            (Invoke-FlowStep (New-Chain) -RunId run).State | Should -BeExactly 'Success'
        }

        It '-NoWait returns an id by which it is applied once' {
            $id = Suspend-FlowRun (New-Chain) -RunId run -NoWait
            $id | Should -BeOfType [string]
            $null = Resume-FlowRun (New-Chain) -RunId run
            (Suspend-FlowRun (New-Chain) -RunId run -Id $id -WarningAction SilentlyContinue).IsSuspended | Should -BeFalse
        }
    }

    It 'a run without a record, and one that is not there, are errors' {
        $flow = New-Flow bare { task a { 1 } }
        { Invoke-FlowStep $flow | Stop-FlowRun -ErrorAction Stop } | Should -Throw -ErrorId 'FlowRunNotOnRecord,*'
        { Stop-FlowRun -Store $folder -FlowName chain -RunId nobody -ErrorAction Stop } | Should -Throw -ErrorId 'FlowRunNotFound,*'
    }

    It 'a task that asks for something of its own run does not wait' {
        $flow = New-Flow own -Store $folder {
            task a { param($Store) Suspend-FlowRun -Store $Store -FlowName own -RunId run } -Argument @{ Store = $folder }
            task b { 'b' } -After a
        }
        $run = Invoke-FlowStep $flow -RunId run
        $run.IsSuspended, "$($run.Tasks[1].State)" | Should -BeStrictly $true, 'Pending'
    }

    Context 'with another process at work on it' {
        BeforeEach { $children = [Collections.Generic.List[Diagnostics.Process]]::new() }
        AfterEach { $children | Where-Object { -not $_.HasExited } | ForEach-Object { $_.Kill() } }

        It 'a stop reaches that process, which ends its task as by Ctrl+C' {
            $process = Start-Step -Timeout 600
            $run = Stop-FlowRun -Store $folder -FlowName chain -RunId run -Reason 'enough'
            $run.IsStopped | Should -BeTrue
            Get-Ending $process | Should -BeExactly 'Cancelled True False'
            Get-Begun | Should -BeExactly 'a', 'b'
            "$((Get-FlowRun (New-Chain) -RunId run).State)" | Should -BeExactly 'Cancelled'
        }

        It 'a suspension lets its task end, and starts no other' {
            $process = Start-Step
            $id = Suspend-FlowRun (New-Chain) -RunId run -NoWait
            { Suspend-FlowRun (New-Chain) -RunId run -Id $id -Timeout 0.3 -ErrorAction Stop } | Should -Throw -ErrorId 'FlowRequestPending,*'
            Set-Content (Join-Path $folder 'go.txt') go
            Get-Ending $process | Should -BeExactly 'Paused False True'
            Get-Begun | Should -BeExactly 'a', 'b'
            (Get-FlowRun (New-Chain) -RunId run | Resume-FlowRun | Invoke-FlowStep).State | Should -BeExactly 'Success'
        }

        It 'a task is set between two of its tasks, over the outcome of one that runs' {
            $process = Start-Step
            $null = Get-FlowRun (New-Chain) -RunId run | Set-FlowTaskState -Task b -To Success -Result 'set' -NoWait
            Set-Content (Join-Path $folder 'go.txt') go
            Get-Ending $process | Should -BeExactly 'Success False False'
            (Get-FlowRun (New-Chain) -RunId run | Get-FlowTask b).Result | Should -BeExactly 'set'
        }

        It 'a run whose process was killed is stopped at once' {
            $process = Start-Step
            $process.Kill()
            $process.WaitForExit()
            (Stop-FlowRun (New-Chain) -RunId run).IsStopped | Should -BeTrue
            (Get-FlowRun (New-Chain) -RunId run).IsStopped | Should -BeTrue
        }
    }
}

Describe 'New-Flow -RunTimeout' {
    It 'ends a run that takes too long: what runs is stopped, what is left timed out' -ForEach @(@{ Throttle = 1 }, @{ Throttle = 2 }) {
        $flow = New-Flow late -RunTimeout 1.5 {
            task quick { 'done' }
            task slow {
                while (-not $FlowContext.CancellationToken.IsCancellationRequested) { Start-Sleep -Milliseconds 20 }
                $FlowContext.CancellationToken.ThrowIfCancellationRequested()
            } -After quick
            task after { 'never' } -After slow
        }
        $flow.RunTimeout | Should -Be ([timespan] '00:00:01.5')
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-Flow $flow -ThrottleLimit $Throttle
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 60
        $run.State, $run.HasPending | Should -BeStrictly 'Failed', $false
        $run.Message | Should -BeExactly 'The run has taken longer than its -RunTimeout of 00:00:01.5000000.'
        $run.Tasks.State -join ' ' | Should -BeExactly 'Success TimedOut TimedOut'
        $run.Tasks[2].Error.Id | Should -BeExactly 'FlowRunTimedOut'
        { $run | Assert-FlowState } | Should -Throw '*-RunTimeout*' -ErrorId 'FlowRunFailed,*'
    }

    It 'is due at its end at the latest' {
        $flow = New-Flow late -RunTimeout 01:00:00 { task ask { 1 } -WaitForEvent go -WaitTimeout 5.00:00:00 }
        $run = Invoke-FlowStep $flow
        ($run.NextStartTime - $run.StartTime).TotalMinutes | Should -Be 60
    }
}

Describe 'The line that continues a run' {
    It 'runs again a task that <Name>' -ForEach @(
        @{ Name = 'failed'; Body = { throw 'bad' }; More = @{ }; Run = @{ } }
        @{ Name = 'took too long'; Body = { Start-Sleep 20 }; More = @{ Timeout = 1 }; Run = @{ } }
        @{ Name = 'the end of the time of the run cut off'; Body = { Start-Sleep 20 }; More = @{ }; Run = @{ RunTimeout = 1 } }
    ) {
        $flow = New-Flow again -Store (New-TestFolder) @Run { task a $Body @More; task b { } -After a }
        (Invoke-FlowStep $flow -RunId run).HasPending | Should -BeFalse
        $warnings = $null
        $null = Resume-FlowRun $flow -RunId run -WarningVariable warnings -WarningAction SilentlyContinue
        $line = "$warnings" -replace '^.*To continue it: ' -replace ' \| Invoke-FlowStep$'
        $run = & ([scriptblock]::Create($line))
        $run.HasPending | Should -BeTrue
        ($run | Get-FlowTask a).State | Should -Be 'Pending'
    }
}
