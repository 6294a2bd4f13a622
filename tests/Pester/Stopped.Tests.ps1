BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'A task that is stopped while the step continues' {
    BeforeEach {
        $folder = New-TestFolder
        $log = Join-Path $folder 'log.txt'
    }

    Context 'at the end of the time, <Name>' -ForEach @(
        @{ Name = 'in the session'; Options = @{} }
        @{ Name = 'beside it by a throttle'; Options = @{ ThrottleLimit = 2 } }
    ) {
        It 'is due again, its finally has run, and nothing of it is left' {
            $flow = New-Flow stopped {
                task before { 'before' }
                task waits {
                    param($Log)
                    try { Add-Content $Log begun; Start-Sleep 60; Add-Content $Log never } finally { Add-Content $Log finally }
                } -Argument @{ Log = $log } -After before
                task after { } -After waits
            }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $run = Invoke-FlowStep $flow -TimeBudget 1 @Options
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
            $run.Tasks.State | Should -BeStrictly 'Success', 'Cancelled', 'Cancelled'
            Get-Content $log | Should -BeStrictly 'begun', 'finally'
            $run = $run | Set-FlowTaskState -From Cancelled -To Pending
            ($run | Get-FlowTask waits).RunCount | Should -Be 1
            'this pipeline goes on' | Should -Be 'this pipeline goes on'
        }

        It 'with the program that it waits for, and what that has started' -Skip:($IsWindows -or $PSVersionTable.PSEdition -ne 'Core') {
            $flow = New-Flow stopped { task waits { param($Log) sh -c "echo `$`$ > '$Log'; sleep 61; echo done" } -Argument @{ Log = $log } }
            $run = Invoke-FlowStep $flow -TimeBudget 1 -ResetCancelled @Options
            $run.State | Should -Be 'Pending'
            $shell = [int](Get-Content $log)
            for ($i = 0; $i -lt 100 -and (Test-Path "/proc/$shell"); $i++) { Start-Sleep -Milliseconds 50 }
            "/proc/$shell" | Should -Not -Exist
            @(Get-Process sleep -ErrorAction Ignore | Where-Object { $_.CommandLine -like '*61' }) | Should -HaveCount 0
        }

        It 'may end by its token, in its own way, and what it returns counts' {
            $flow = New-Flow stopped { task waits { $FlowContext.CancellationToken.WaitHandle.WaitOne(60000) | Out-Null; 'in time' } }
            $run = Invoke-FlowStep $flow -TimeBudget 1 @Options
            if ($Name -eq 'in the session') { $run.Tasks.Result | Should -Be 'in time' } else { $run.Tasks.State | Should -BeIn 'Success', 'Cancelled' }
        }
    }

    It 'the rest of the session is as it was: variables, $?, streams, and what comes after' {
        $flow = New-Flow stopped {
            task a { Write-Warning "a's" ; $script:set = 'by a' }
            task b { Write-Verbose 'by b' -Verbose; Write-Error 'of b' -ErrorAction Continue; Start-Sleep 30 } -After a
        }
        $all = Invoke-FlowStep $flow -TimeBudget 1 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable errors 4>&1
        $? | Should -BeTrue
        @($all | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_.Message -eq 'b: by b' }) | Should -HaveCount 1
        "$warnings" | Should -BeLike "*a: a's*"
        ($all | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }).Tasks.State | Should -BeStrictly 'Success', 'Cancelled'
    }

    Context 'and where nothing is stopped, the body runs as in any step, <Name>' -ForEach @(
        @{ Name = 'with a budget'; Run = @{ TimeBudget = 60 } }
        @{ Name = 'without'; Run = @{} }
    ) {
        It "what it writes is in the caller's transcript" {
            $transcript = Join-Path $folder 'transcript.txt'
            $script = Join-Path $folder 'flow.ps1'
            Set-Content $script @"
                Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'
                Start-Transcript '$transcript' | Out-Null
                `$run = @{ $(if ($Run.Count) { 'TimeBudget = 60' }) }
                Invoke-FlowStep (New-Flow told { task a { Write-Host 'by the host'; Write-Warning 'a warning' } }) @run | Out-Null
                Stop-Transcript | Out-Null
"@
            $program = (Get-Process -Id $PID).Path
            $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-File', $script)
            & $program @arguments | Out-Null
            $text = Get-Content $transcript
            $text | Should -Contain 'by the host'
            $text | Should -Contain 'WARNING: a: a warning'
        }

        It 'a transcript that it starts itself has what it writes' {
            $flow = New-Flow told {
                task a {
                    param($File)
                    Start-Transcript $File | Out-Null
                    Write-Host 'by the host'
                    Stop-Transcript | Out-Null
                    Get-Content $File
                } -Argument @{ File = (Join-Path $folder 'own.txt') }
            }
            (Invoke-FlowStep $flow @Run 6> $null).Tasks.Result | Should -Contain 'by the host'
        }

        It 'the culture that it sets holds for the tasks after it' {
            $cultures = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
            try {
                $flow = New-Flow cultures {
                    task a { [cultureinfo]::CurrentCulture = 'de-DE'; [cultureinfo]::CurrentUICulture = 'fr-FR' }
                    task b { "$([cultureinfo]::CurrentCulture) $([cultureinfo]::CurrentUICulture)" } -After a
                }
                (Invoke-FlowStep $flow @Run).Tasks[1].Result | Should -Be 'de-DE fr-FR'
            }
            finally {
                [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $cultures
            }
        }
    }

    It 'at the end of the time of the run it is TimedOut' {
        $flow = New-Flow stopped -RunTimeout 1 { task waits { Start-Sleep 60 }; task after { } -After waits }
        $run = Invoke-Flow $flow
        $run.State, $run.Tasks.State | Should -BeStrictly 'Failed', @('TimedOut', 'TimedOut')
    }

    It 'by Stop-FlowRun, in the session of the step' {
        $flow = New-Flow stopped -Store $folder {
            task waits { param($Log) try { Add-Content $Log begun; Start-Sleep 60 } finally { Add-Content $Log finally } } -Argument @{ Log = $log }
        }
        $stopper = [powershell]::Create().AddScript({
            param($Module, $Folder, $Log)
            Import-Module $Module
            for ($i = 0; $i -lt 400 -and -not (Test-Path $Log); $i++) { Start-Sleep -Milliseconds 50 }
            Stop-FlowRun -Store $Folder -FlowName stopped -RunId run -Reason 'enough' -RequestedBy test
        }).AddArgument("$PSScriptRoot/PrefectPS.Testing.psm1").AddArgument($folder).AddArgument($log)
        $pending = $stopper.BeginInvoke()
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-FlowStep $flow -RunId run
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 40
        $null = $stopper.EndInvoke($pending)
        $stopper.Streams.Error | Should -BeNullOrEmpty
        $run.State, $run.IsStopped, $run.Reason | Should -BeStrictly 'Cancelled', $true, 'enough'
        Get-Content $log | Should -BeStrictly 'begun', 'finally'
    }

    It 'and one that the step runs inside of it' {
        $flow = New-Flow outer {
            task inner { Invoke-Flow (New-Flow inner { task t { Start-Sleep 60 } }) }
            task after { } -After inner
        }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-FlowStep $flow -TimeBudget 1
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        $run.Tasks.State | Should -BeStrictly 'Cancelled', 'Cancelled'
    }
}
