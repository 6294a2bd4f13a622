BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'New-Flow -OnNotify' {
    BeforeEach {
        $folder = New-TestFolder
        $told = [Collections.Generic.List[string]]::new()
        $tell = { param($flow, $run, $reason) $told.Add("$reason $($flow.Name) $($run.RunId) $($run.State)") }
    }

    It 'reports a run that <Name>' -ForEach @(
        @{ Name = 'fails'; Body = { throw 'bad' }; Expected = 'Failed told run Failed' }
        @{ Name = 'waits'; Body = { if (-not $FlowContext.IsResumed) { Send-FlowSignal -Pause } }; Expected = 'Paused told run Paused' }
        @{ Name = 'ends itself Cancelled'; Body = { Send-FlowSignal -EndRun }; Expected = 'Cancelled told run Cancelled' }
    ) {
        $flow = New-Flow told -Store $folder -OnNotify $tell { task t $Body }
        $null = Invoke-FlowStep $flow -RunId run
        $null = Invoke-FlowStep $flow -RunId run
        $told | Should -BeStrictly $Expected
        $told.Clear()
        $null = New-Flow told -OnNotify $tell { task t $Body } | ForEach-Object { Invoke-Flow $_ }
        $told | Should -HaveCount 1
    }

    It 'reports only what is asked for' {
        $null = Invoke-Flow (New-Flow told -OnNotify $tell -NotifyOn Success { task t { } })
        $null = Invoke-Flow (New-Flow told -OnNotify $tell { task t { } })
        $null = Invoke-Flow (New-Flow told -OnNotify $tell -NotifyOn Success { task t { throw 'bad' } })
        @($told) | ForEach-Object { $_ -replace ' \S+ (?=\w+$)', ' ' } | Should -BeStrictly 'Success told Success'
    }

    It 'is told by the next step of what was asked for without the flow' {
        $flow = New-Flow told -Store $folder -OnNotify $tell { task a { }; task b { } -After a }
        $null = Invoke-FlowStep $flow -RunId run -MaxTasks 1
        Stop-FlowRun -Store $folder -FlowName told -RunId run -Reason x | Out-Null
        $told | Should -HaveCount 0
        (Get-FlowRun -Store $folder).IsFinished | Should -BeTrue
        (Invoke-FlowStep $flow -Resume).RunId | Should -Not -Be 'run'
        $told | Should -BeStrictly 'Cancelled told run Cancelled'
    }

    It 'is told by the next -Resume of every run that has ended, though that continues a newer one' {
        $flow = New-Flow told -Store $folder -OnNotify $tell { task a { }; task b { } -After a }
        '1', '2', '3' | ForEach-Object { $null = Invoke-FlowStep $flow -RunId $_ -MaxTasks 1 }
        '1', '2' | ForEach-Object { $null = Stop-FlowRun -Store $folder -FlowName told -RunId $_ }
        (Invoke-FlowStep $flow -Resume -MaxTasks 1).RunId | Should -Be '3'
        @($told | Sort-Object) | Should -BeStrictly 'Cancelled told 1 Cancelled', 'Cancelled told 2 Cancelled'
        $told.Clear()
        $null = Invoke-FlowStep $flow -Resume
        $told | Should -HaveCount 0
    }

    It 'is told by the one who asks and has the flow' {
        $flow = New-Flow told -Store $folder -OnNotify $tell { task a { }; task b { } -After a }
        $null = Invoke-FlowStep $flow -RunId run -MaxTasks 1
        $null = Get-FlowRun $flow -RunId run | Suspend-FlowRun
        $null = Get-FlowRun $flow -RunId run | Stop-FlowRun
        $told | Should -BeStrictly 'Paused told run Paused', 'Cancelled told run Cancelled'
    }

    It 'that fails is called three times, and is an error, and the run is as it is' {
        $flow = New-Flow told -OnNotify { $script:calls++; throw 'no network' } -NotifyOn Success { task t { } }
        $script:calls = 0
        $run = Invoke-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable errors
        $run.State, $script:calls | Should -BeStrictly 'Success', 3
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'FlowNotificationFailed*'
        "$($errors[0])" | Should -BeLike '*Success*no network*'
    }

    It 'sees what its definition sees, and $using:' {
        $me = 'me'
        function Get-Known { 'known' }
        $flow = New-Flow told -OnNotify { param($flow, $run, $reason) $told.Add("$(Get-Known) $using:me $reason") } -NotifyOn Success { task t { } }
        $null = Invoke-Flow $flow
        $told | Should -BeStrictly 'known me Success'
    }

    It 'makes a link to what the run waits for' {
        $key = ConvertTo-SecureString ('k' * 32) -AsPlainText -Force
        $flow = New-Flow told -Store $folder -OnNotify {
            $told.Add((New-FlowEventLink -Name go -BaseUri https://flows.contoso.com/ -SigningKey $key -ExpiresIn 01:00:00))
        } { task t { } -WaitForEvent go }
        $null = Invoke-FlowStep $flow -RunId r
        $told | Should -HaveCount 1
        $told[0] | Should -BeLike 'https://flows.contoso.com/*'
    }

    It '-NotifyOn needs it' {
        { New-Flow told -NotifyOn Success { task t { } } } | Should -Throw -ErrorId 'FlowInvalid*'
        { New-Flow told -OnNotify { } -NotifyOn Nothing { task t { } } } | Should -Throw '*Nothing*'
    }
}

Describe 'Processes that die' {
    It 'tell of a run at least once: the next -Resume does, though the run has ended' {
        $folder = New-TestFolder
        $line = "Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; " +
            "`$flow = New-Flow told -Store '$folder' -OnNotify { param(`$flow, `$run, `$reason) Add-Content '$folder/told.txt' `"`$reason `$(`$run.RunId)`"; if (-not (Test-Path '$folder/died.txt')) " +
            "{ Set-Content '$folder/died.txt' x; [Environment]::FailFast('dead') } } { task t { throw 'bad' } }; Invoke-FlowStep `$flow -Resume | Out-Null"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-EncodedCommand', $encoded)
        1..2 | ForEach-Object { (Start-Process $program -ArgumentList $arguments -PassThru -Wait -RedirectStandardError (Join-Path $folder 'errors.txt')) | Out-Null }
        $lines = @(Get-Content (Join-Path $folder 'told.txt'))
        $runs = @(Get-FlowRun -Store $folder)
        $runs | Should -HaveCount 2 -Because 'the second process told of the first run, and began another'
        $first = ($runs | Sort-Object StartTime)[0].RunId
        @($lines | Where-Object { $_ -eq "Failed $first" }) | Should -HaveCount 2
        $lines | Should -HaveCount 3
    }
}
