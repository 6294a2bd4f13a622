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

Describe 'Undo' {
    BeforeEach {
        $undone = [Collections.Generic.List[string]]::new()
        $store = New-TestFolder
    }

    It 'a failed run is undone in reverse order, by its next step, when somebody asks for it' {
        $flow = New-Flow environment -Store $store {
            task network { 'net' } -Undo { param($Result) $undone.Add("$($FlowContext.TaskName)=$Result") }
            task vm { @{ name = 'vm'; disks = 1, 2 } } -After network -Undo { param($Result) $undone.Add("$($FlowContext.TaskName)=$($Result.name) $($Result.disks)") }
            task check { throw 'no answer' } -After vm
        }
        $null = Invoke-FlowStep $flow -RunId one
        $undone | Should -BeNullOrEmpty
        $asked = Get-FlowRun $flow -RunId one | Undo-FlowRun -Reason 'given up' -RequestedBy alice
        $asked.State | Should -BeExactly 'Failed'
        $asked.HasPending | Should -BeTrue
        $asked.Message | Should -BeExactly 'Some reference tasks failed; 2 tasks still to be undone.'
        (Get-FlowRun $flow -RunId one).IsUndoing | Should -BeTrue
        (Get-FlowRun $flow -RunId one).IsFinished | Should -BeFalse
        (Get-FlowPlan $flow -RunId one).Action | Should -BeExactly 'Undo', 'Undo', 'Keep'

        $run = Invoke-FlowStep $flow -Resume -MaxTasks 1
        $undone | Should -BeExactly 'vm=vm 1 2'
        $run = Invoke-FlowStep $flow -Resume
        $run.RunId | Should -BeExactly 'one'
        $undone | Should -BeExactly 'vm=vm 1 2', 'network=net'
        $run.Tasks.State | Should -BeExactly 'Cancelled', 'Cancelled', 'Failed'
        $run.Tasks.IsUndone | Should -BeExactly $true, $true, $false
        $run.HasPending | Should -BeFalse
        (Get-FlowRun $flow -RunId one).IsFinished | Should -BeTrue
        (Get-FlowLog $run).Text | Should -Contain 'To be undone by alice: given up'
    }

    It 'a task is undone in the session wherever it ran: <Place>' -ForEach (Get-TaskPlace) {
        $options = @{ Undo = { param($Result) $undone.Add("undone $Result") } }
        $null = Invoke-InPlace $In { 'it' } -Task $options -Store $store -Run @{ OutVariable = 'global:placed' }
        $global:placed[0] | Undo-FlowRun | Invoke-FlowStep | Out-Null
        $undone | Should -BeExactly 'undone it'
    }

    It 'the modules and the -InitializationScript of its flow are there for it: -ThrottleLimit <Limit>' -ForEach @{ Limit = 1 }, @{ Limit = 2 } {
        $module = Join-Path $store Undone.psm1
        Set-Content $module 'function Format-Undone { "undone $args" }'
        $setup = @{ Module = $module; InitializationScript = { function Get-Own { "own $args" } } }
        $flow = New-Flow environment @setup { task vm { Get-Own 'vm' } -Undo { param($Result) $undone.Add((Format-Undone (Get-Own $Result))) } }
        try {
            $run = Invoke-Flow $flow -ThrottleLimit $Limit
            Remove-Module Undone -ErrorAction Ignore
            $null = $run | Undo-FlowRun | Invoke-FlowStep -ThrottleLimit $Limit
        } finally {
            Remove-Module Undone -ErrorAction Ignore
        }
        $undone | Should -BeExactly 'undone own own vm'
    }

    It 'with -UndoOn a run is undone where it has <Reason>' -ForEach @{ Reason = 'Failed'; State = 'Failed' }, @{ Reason = 'Stopped'; State = 'Cancelled' } {
        $flow = New-Flow environment -Store $store -UndoOn $Reason {
            task vm { 'vm' } -Undo { param($Result) $undone.Add($Result) }
            task check { throw 'no answer' } -After vm
        }
        if ($Reason -eq 'Stopped') {
            $null = Invoke-FlowStep $flow -RunId one -MaxTasks 1
            Stop-FlowRun -Store $store -FlowName environment -RunId one | Out-Null
            (Get-FlowRun $flow -RunId one).IsUndoing | Should -BeTrue
        }
        $run = Invoke-FlowStep $flow -Resume
        $run.RunId | Should -BeExactly (Get-FlowRun $flow).RunId
        $undone | Should -BeExactly 'vm'
        $run.HasPending | Should -BeFalse
        $run.State | Should -BeExactly $State
    }

    It 'an undo that fails is an error, UndoError says why, and what the task needs stays' {
        $flow = New-Flow environment -Store $store {
            task network { 'net' } -Undo { param($Result) $undone.Add($Result) }
            task vm { 'vm' } -After network -Undo { $undone.Add('tried'); throw 'it is locked' } -MaxRetries 1
        }
        $run = Invoke-FlowStep $flow -RunId one | Undo-FlowRun | Invoke-FlowStep -ErrorAction SilentlyContinue -ErrorVariable failed
        $undone | Should -BeExactly 'tried', 'tried'
        $failed[-1].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowUndoFailed,*'
        $run.Tasks.State | Should -BeExactly 'Success', 'Success'
        $run.Tasks[1].UndoError.Message | Should -BeExactly 'it is locked'
        $run.Message | Should -BeExactly 'All reference tasks succeeded; 1 task could not be undone.'
        $run.HasPending | Should -BeFalse
    }

    It 'without a record the run is marked in hand' {
        $flow = New-Flow environment { task vm { 'vm' } -Undo { param($Result) $undone.Add($Result) } }
        $run = Invoke-Flow $flow | Undo-FlowRun | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $undone | Should -BeExactly 'vm'
        $run.Tasks[0].IsUndone | Should -BeTrue
        $run | ConvertFrom-FlowState -AsPrefect | Should -BeLikeExactly '*"type":"Cancelled"*'
    }

    It 'whoever has not the flow leaves it to the next step' {
        $flow = New-Flow environment -Store $store { task vm { 'vm' } -Undo { param($Result) $undone.Add($Result) } }
        $null = Invoke-FlowStep $flow -RunId one
        Undo-FlowRun -Store $store -FlowName environment -RunId one | Should -BeOfType string
        (Invoke-FlowStep $flow -Resume).RunId | Should -BeExactly 'one'
        $undone | Should -BeExactly 'vm'
    }

    It 'with nothing to undo there is a warning' {
        $flow = New-Flow environment -Store $store { task vm { 'vm' } }
        $run = Invoke-FlowStep $flow -RunId one | Undo-FlowRun -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Message | Should -BeLikeExactly '*there is nothing to undo.'
        $run.HasPending | Should -BeFalse
    }

    It 'rows have -Undo too, a task shows it, and a flow is not a task with one' {
        $flow = New-Flow rows -Task @{ Name = 'vm'; ScriptBlock = { 'vm' }; Undo = { param($Result) $undone.Add($Result) } }
        (Get-FlowTask $flow vm).Undo | Should -BeLikeExactly '*$undone.Add(*'
        Invoke-Flow $flow | Undo-FlowRun | Invoke-FlowStep | Out-Null
        $undone | Should -BeExactly 'vm'
        { New-Flow outer { task sub -Subflow $flow -Undo { } } } | Should -Throw "*-Undo only applies to a script block*"
    }

    It 'a flow that is tried undoes no task that is mocked' {
        $flow = New-Flow environment { task vm { 'vm' } -Undo { $undone.Add('vm') }; task disk { 'disk' } -Undo { $undone.Add('disk') } }
        $run = Invoke-Flow $flow -Mock @{ vm = { 'mocked' } } | Undo-FlowRun | Invoke-FlowStep
        $undone | Should -BeExactly 'disk'
        $run.Tasks.IsUndone | Should -BeExactly $true, $true
    }
}
