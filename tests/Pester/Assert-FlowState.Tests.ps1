BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Assert-FlowState' {
    BeforeAll {
        function Get-Failure($Run) {
            try { $null = $Run | Assert-FlowState } catch { return $_ }
            throw 'The run passed.'
        }
    }

    It 'a run that has not failed passes through' {
        $flow = New-Flow calm {
            task one { 1 }
            task two { 2 } -After one
        }
        foreach ($run in (Invoke-Flow $flow), (Invoke-FlowStep $flow -MaxTasks 1), (Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled)) {
            $passed = $run | Assert-FlowState
            [object]::ReferenceEquals($passed, $run) | Should -BeTrue
        }
    }

    It 'a run that waits for a retry or an approval passes, also where another task has failed' {
        $flow = New-Flow waiting {
            task bad { throw 'no' }
            task later { throw 'busy' } -MaxRetries 1 -RetryDelay 01:00:00
            task approve { 1 } -Trigger ManualOnly
        }
        $run = Invoke-FlowStep $flow
        ($run | Assert-FlowState).RunId | Should -BeExactly $run.RunId
    }

    It 'a failed run is a terminating error that names run, tasks, first message and script line' {
        $run = New-Flow nightly {
            task good { 1 }
            task behind { 2 } -After load
            task load { throw 'the server does not answer' }
        } | Invoke-Flow
        $failure = Get-Failure $run
        $failure.FullyQualifiedErrorId | Should -BeExactly 'FlowRunFailed,PrefectPS.Commands.AssertFlowStateCommand'
        [object]::ReferenceEquals($failure.TargetObject, $run) | Should -BeTrue
        $text = $failure.Exception.Message
        $text | Should -BeLikeExactly "Run '$($run.RunId)' of flow 'nightly' failed. Tasks 'behind', 'load'. load: the server does not answer*"
        $text | Should -Match 'Assert-FlowState\.Tests\.ps1: line \d+: task load { throw'
    }

    It 'children and tasks of subflows are named by their paths' {
        $inner = New-Flow inner { task send { throw 'no route' } }
        $run = New-Flow outer {
            task list { 1, 2 }
            task each { param($n) if ($n -eq 2) { throw "bad $n" } } -Map @{ n = 'list' }
            task sub -Subflow $inner
        } | Invoke-Flow
        (Get-Failure $run).Exception.Message | Should -BeLikeExactly "*Tasks 'each``[1``]', 'sub/send'. each``[1``]: bad 2*"
    }

    It 'a run that its own task cancelled is an error; one whose budget is used up is not' {
        $run = New-Flow ended { task stop { Send-FlowSignal -EndRun 'enough' } } | Invoke-Flow
        $run.State | Should -BeExactly 'Cancelled'
        (Get-Failure $run).Exception.Message | Should -BeLikeExactly "Run * of flow 'ended' was cancelled. *'stop'*"
        $cut = New-Flow cut { task a { 1 }; task b { 2 } -After a } | Invoke-FlowStep -MaxTasks 1
        ($cut | Assert-FlowState).State | Should -BeExactly 'Cancelled'
    }

    It 'recorded runs are looked at likewise, with and without their flow' {
        $folder = New-TestFolder
        $flow = New-Flow recorded -Store $folder -Parameter @{ Fail = $false } { task load { param($Fail) if ($Fail) { throw 'no disk' } } }
        $null = Invoke-Flow $flow -RunId good
        (Get-FlowRun $flow | Assert-FlowState).RunId | Should -BeExactly 'good'
        $null = Invoke-Flow $flow -RunId bad -Parameter @{ Fail = $true }
        foreach ($run in (Get-FlowRun $flow -RunId bad), (Get-FlowRun -Store $folder -RunId bad)) {
            $failure = Get-Failure $run
            $failure.Exception.Message | Should -BeLikeExactly "Run 'bad' of flow 'recorded' failed. Task 'load'. load: no disk*"
            $failure.TargetObject.RunId | Should -BeExactly 'bad'
        }
    }

    It 'the job of a failed run exits with 1, and of any other with 0' {
        $script = Join-Path (New-TestFolder) job.ps1
        Set-Content $script @"
param([switch] `$Fail)
`$ErrorActionPreference = 'Stop'
Import-Module '$((Resolve-Path "$PSScriptRoot/../../PrefectPS.psd1").Path)'
New-Flow job { task load { if (`$Fail) { throw 'no' } } } | Invoke-Flow | Assert-FlowState
"@
        $PSNativeCommandUseErrorActionPreference = $false
        $process = (Get-Process -Id $PID).Path
        $start = @(if ([IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
        $said = & $process @start -NoProfile -File $script 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        $said = & $process @start -NoProfile -File $script -Fail 2>&1
        $LASTEXITCODE | Should -Be 1 -Because "$said"
        "$said" | Should -Match 'failed'
    }

    It 'what is not a run is an error' {
        { 'text' | Assert-FlowState } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        { $null | Assert-FlowState } | Should -Throw
    }
}
