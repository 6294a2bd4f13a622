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

Describe 'Send-FlowSignal -RestartComputer' {
    BeforeEach {
        # Instead of the cmdlet, everywhere in this file: no test restarts the computer.
        $global:restarts = [Collections.Generic.List[string]]::new()
        function global:Restart-Computer { $global:restarts.Add("$args") }
    }

    AfterEach {
        Remove-Item Function:\Restart-Computer
        Remove-Variable restarts -Scope Global
    }

    It 'the task is Success on record, the run is put out, the computer restarts, and the next step continues' {
        $ran = [Collections.Generic.List[string]]::new()
        $flow = New-Flow patch -Store (New-TestFolder) {
            task install { $ran.Add('install'); Send-FlowSignal -RestartComputer 'installed' -Result 42 }
            task check { param($n) $ran.Add('check'); $n + 1 } -InputFrom @{ n = 'install' }
        }
        $run = Invoke-FlowStep $flow -Resume -WarningVariable warnings -WarningAction SilentlyContinue | ForEach-Object { $global:restarts.Count | Should -Be 0; $_ }
        $global:restarts.Count | Should -Be 1
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending'
        $run.Tasks[0].Message | Should -BeExactly 'installed'
        $run.HasPending | Should -BeTrue
        $text = "Computer '$([Environment]::MachineName)' restarts after this step has ended, because task 'install' requested it."
        $warnings.Message | Should -BeExactly $text
        (Get-FlowLog $run | Where-Object Stream -EQ Warning).Text | Should -BeExactly $text

        $run = Invoke-FlowStep $flow -Resume
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[1].Result | Should -BeStrictly 43
        $ran | Should -BeExactly 'install', 'check'
        $global:restarts.Count | Should -Be 1
    }

    It 'a task asks for it in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In { Send-FlowSignal -RestartComputer 'installed' -Result 42 } -Store (New-TestFolder) -Run @{ WarningAction = 'SilentlyContinue' }
        $state.State | Should -BeExactly 'Success'
        $state.Message | Should -BeExactly 'installed'
        $state.Result | Should -BeStrictly 42
        $global:restarts.Count | Should -Be 1
    }

    It 'a run of Invoke-Flow ends there as well, and is resumed' {
        $flow = New-Flow patch -Store (New-TestFolder) { task install { Send-FlowSignal -RestartComputer }; task check { 'well' } -After install }
        $run = Invoke-Flow $flow -WarningAction SilentlyContinue
        $run.State | Should -BeExactly 'Cancelled'
        $run = Invoke-Flow $flow -RunId $run.RunId
        $run.State | Should -BeExactly 'Success'
        $global:restarts.Count | Should -Be 1
    }

    It 'a child of a map and a task of a subflow ask for it, in the session and beside it' -ForEach @(@{ Options = @{} }, @{ Options = @{ ThrottleLimit = 2 } }) {
        $inner = New-Flow inner { task patch { Send-FlowSignal -RestartComputer }; task check { 'well' } -After patch }
        $flow = New-Flow patch -Store (New-TestFolder) {
            task each { param($n) if ($n -eq 2) { Send-FlowSignal -RestartComputer -Result 'two' }; "$n" } -MapArgument @{ n = 1, 2, 3 }
            task sub -Subflow $inner -After each
            task end { param($each) $each -join ',' } -InputFrom @{ each = 'each' } -After sub
        }
        $steps = 0
        do { $run = Invoke-FlowStep $flow -RunId one @Options -WarningAction SilentlyContinue; $steps++ } while ($run.HasPending -and $steps -lt 9)
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[2].Result | Should -BeExactly '1,two,3'
        $global:restarts.Count | Should -Be 2
        $steps | Should -Be 3
    }

    It 'without a record that outlives the restart the task has failed, and nothing restarts' -ForEach @(@{ Store = @{} }, @{ Store = @{ Store = 'memory:restart' } }) {
        $flow = New-Flow patch @Store { task install { Send-FlowSignal -RestartComputer }; task check { 'well' } -After install }
        $run = Invoke-Flow $flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed'
        $run.Tasks[0].Error.Id | Should -BeExactly 'FlowRunNotOnRecord'
        $run.Tasks[0].Message | Should -BeLikeExactly '*could not continue afterwards*New-Flow -Store*'
        $global:restarts.Count | Should -Be 0
    }

    It 'a restart that fails (<Name>) is an error and a line of the log, and the run continues' -ForEach @(
        @{ Name = 'a thrown error'; Restart = { throw 'the account has no right to do that.' } }
        @{ Name = 'a written error'; Restart = { [CmdletBinding()] param([switch] $Force) Write-Error 'the account has no right to do that.' } }
    ) {
        Set-Item Function:\global:Restart-Computer $Restart
        $flow = New-Flow patch -Store (New-TestFolder) { task install { Send-FlowSignal -RestartComputer }; task check { 'well' } -After install }
        $run = Invoke-FlowStep $flow -Resume -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable failed
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending'
        $failed[-1].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowRestartFailed,*'
        $failed[-1].Exception.Message | Should -BeLikeExactly "*could not be restarted: the account has no right to do that. Run '$($run.RunId)' is recorded and intact*"
        (Get-FlowLog $run | Where-Object Stream -EQ Error).Text | Should -BeExactly $failed[-1].Exception.Message
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly 'Success'
    }

    It 'a flow that is only tried continues, and nothing restarts' {
        $flow = New-Flow patch -Store (New-TestFolder) { task install { Send-FlowSignal -RestartComputer -Result 1 }; task check { param($n) $n + 1 } -InputFrom @{ n = 'install' } }
        (Invoke-Flow $flow -SkipWait).Tasks[1].Result | Should -BeStrictly 2
        (Invoke-Flow $flow -Mock @{ check = { 'mocked' } }).Tasks[1].Result | Should -BeExactly 'mocked'
        $global:restarts.Count | Should -Be 0
    }

    It 'it restarts too, where the pipeline wants no more' {
        $flow = New-Flow patch -Store (New-TestFolder) { task install { Send-FlowSignal -RestartComputer } }
        $run = Invoke-FlowStep $flow -Resume -WarningAction SilentlyContinue | Select-Object -First 1
        $run.State | Should -BeExactly 'Success'
        $global:restarts.Count | Should -Be 1
    }

    It 'the example continues at the start after a restart that ends the process, and starts nothing there' -Skip:($env:PREFECTPS_BUILD -eq 'netstandard2.0') {
        $job = Join-Path $PSScriptRoot '../../docs/examples/restart/job.ps1'
        $call = "function Restart-Computer { Stop-Process -Id `$PID -Force }; & '$job' -Store '$(New-TestFolder)' -WarningAction SilentlyContinue"
        $begins = Get-HostOutput $call
        $begins | Should -HaveCount 2
        $begins[0] | Should -BeExactly 'installing two updates'
        $begins[1] | Should -BeLikeExactly "WARNING: Computer * restarts after this step has ended, because task 'install' requested it."
        $goesOn = Get-HostOutput "$call -AtStart"
        $goesOn | Should -BeLikeExactly 'run *, step 2: Success. *'
        Get-HostOutput "$call -AtStart" | Should -BeExactly 'nothing to go on with'
    }

    It 'the example registers a unit that calls the job at each start, and takes it back' -Skip:($IsWindows -or $PSVersionTable.PSVersion.Major -lt 6) {
        function systemctl { $global:LASTEXITCODE = 0; $global:restarts.Add("$args") }
        $folder = New-TestFolder
        $register = (Resolve-Path "$PSScriptRoot/../../docs/examples/restart/register.ps1").Path
        & $register -Store "$folder/store" -UnitFolder $folder
        $unit = Get-Content "$folder/patch-this-computer.service"
        $unit | Should -Contain "ExecStart=pwsh -NoProfile -NonInteractive -File `"$(Split-Path $register)/job.ps1`" -Store `"$folder/store`" -AtStart"
        & $register -UnitFolder $folder -Unregister
        Get-ChildItem $folder | Should -BeNullOrEmpty
        $global:restarts | Should -BeExactly 'daemon-reload', 'enable patch-this-computer.service', 'disable patch-this-computer.service', 'daemon-reload'
    }
}
