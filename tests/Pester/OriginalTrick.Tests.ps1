# The original step-by-step trick, ported word for word, and the same run with PrefectPS's own means: the same steps and states.

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'OriginalTrick' {
    BeforeAll {
        function New-EightTasks([scriptblock[]] $Handler = @()) {
            New-Flow 'this is my first flow' -StateHandler $Handler {
                task task1 { $log.Add('task1') }
                task task2 { $log.Add('task2') }
                task task3 { $log.Add('task3') } -After task1, task2
                task task4 { $log.Add('task4') } -After task3
                task task5 { $log.Add('task5') } -After task4
                task task6 { $log.Add('task6') } -After task4
                task task7 { $log.Add('task7') } -After task2, task6
                task task8 { $log.Add('task8') } -After task2, task3
            }
        }

        function Assert-Step($Run, [int] $Done, [string] $Rest, [string] $RestMessage) {
            $Run.Tasks.State |
                Should -BeStrictly @(1..8 | ForEach-Object { if ($_ -le $Done) { 'Success' } else { $Rest } }) -Because "after $Done tasks"
            $Run.Tasks.Message |
                Should -BeStrictly @(1..8 | ForEach-Object { if ($_ -le $Done) { 'Task run succeeded.' } else { $RestMessage } }) -Because "after $Done tasks"
        }
    }

    BeforeEach {
        $log = [Collections.Generic.List[string]]::new()
        $counter = @{ Finished = 0; Limit = [int]::MaxValue }
        # The original's state handler: counts finished tasks and, from the limit on, ends every change as Cancelled.
        $countFinished = {
            param($task, $old, $new)
            if ($counter.Finished -ge $counter.Limit) { Send-FlowSignal -EndRun -State Cancelled 'Flow run is cancelled' }
            if ($new.IsFinished) { $counter.Finished++ }
        }
        $names = 1..8 | ForEach-Object { "task$_" }
    }

    It 'the trick with <Limit> tasks a step takes <Steps> steps' -ForEach @(
        @{ Limit = 1; Steps = 8 }
        @{ Limit = 2; Steps = 4 }
        @{ Limit = 3; Steps = 3 }
    ) {
        $flow = New-EightTasks $countFinished
        $counter.Limit = $Limit
        $message = $null
        $step = 0
        do {
            $step++
            $counter.Finished = 0
            $state = $message | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
            $done = [Math]::Min($step * $Limit, 8)
            Assert-Step $state $done Cancelled 'Flow run is cancelled'
            $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
            Assert-Step $state $done Pending 'Mocked pending'
            $message = $state | ConvertFrom-FlowState -AsPrefect
        } while (@($state.Tasks | Where-Object State -eq Pending).Count -gt 0)

        $step | Should -BeStrictly $Steps
        $log | Should -BeStrictly $names
        $state.State | Should -BeExactly 'Success'
    }

    It 'with a store the trick is one recorded run, and leaves none that -Resume continues' {
        $folder = New-TestFolder
        $flow = New-Flow stored -Store $folder { task a { $log.Add('a'); 1 }; task b { param($x) $log.Add('b'); $x + 1 } -InputFrom @{ x = 'a' } }
        $message = $null
        do {
            $state = $message | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
            $taskStates = $state.Tasks | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
            $message = $taskStates | ConvertTo-FlowState | ConvertFrom-FlowState -AsPrefect
        } while (@($taskStates | Where-Object State -eq Pending).Count -gt 0)

        $log | Should -BeStrictly 'a', 'b'
        $run = Get-FlowRun $flow
        @($run).Count | Should -Be 1
        $run.State | Should -BeExactly 'Success'
        ($flow | Invoke-FlowStep -Resume -MaxTasks 1).RunId | Should -Not -Be $run.RunId
    }

    It 'an array that names no run is not on record, unless -RunId names it' {
        $folder = New-TestFolder
        $flow = New-Flow foreign -Store $folder { task a { 1 }; task b { param($x) "b$x" } -InputFrom @{ x = 'a' } }
        $array = '[{"slug":"a","type":"Pending"}]'
        1..2 | ForEach-Object { $null = $array | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 }
        Get-FlowRun $flow | Should -BeNullOrEmpty
        Get-ChildItem $folder -Recurse -File -ErrorAction Ignore | Should -BeNullOrEmpty

        1..2 | ForEach-Object { $run = $array | ConvertTo-FlowState -Flow $flow -RunId mine | Invoke-FlowStep -MaxTasks 1 -ResetCancelled }
        $run.Step | Should -Be 2
        ($run | Get-FlowTask b).Result | Should -BeExactly 'b1'
        (Get-FlowRun $flow).RunId | Should -BeExactly 'mine'
        { $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow -RunId other } | Should -Throw -ErrorId 'FlowStateInvalid,*'
    }

    It 'a budget of <Limit> tasks takes the same <Steps> steps' -ForEach @(
        @{ Limit = 1; Steps = 8 }
        @{ Limit = 2; Steps = 4 }
        @{ Limit = 3; Steps = 3 }
    ) {
        $flow = New-EightTasks
        $state = $null | ConvertTo-FlowState -Flow $flow
        for ($step = 1; $state.HasPending; $step++) {
            $state = $state | Invoke-FlowStep -MaxTasks $Limit
            Assert-Step $state ([Math]::Min($step * $Limit, 8)) Cancelled 'Flow run is cancelled'
            $state = $state | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending'
            $state = $state | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        }

        $state.Step | Should -Be $Steps
        $log | Should -BeStrictly $names
        $state.State | Should -BeExactly 'Success'
    }

    It 'the whole run takes one step' {
        (New-EightTasks | Invoke-Flow).State | Should -BeExactly 'Success'
        $log | Should -BeStrictly $names
    }

    It 'the handler sees what the original saw in its first step of one task' {
        $seen = [Collections.Generic.List[string]]::new()
        $counter.Limit = 1
        $null = New-EightTasks { param($task, $old, $new) $seen.Add("$($old.State) $($new.State)") }, $countFinished | Invoke-FlowStep
        @($seen[0..2]) | Should -BeExactly 'Pending Running', 'Running Success', 'Pending Running'
        @($seen | Where-Object { $_ -eq 'Pending TriggerFailed' }).Count | Should -Be 6
        $seen.Count | Should -Be 9
    }
}
