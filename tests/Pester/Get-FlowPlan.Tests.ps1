BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function Get-Plan {
        Get-FlowPlan @args | ForEach-Object { "$_" }
    }

    function Get-Listing([string] $Folder) {
        @(Get-ChildItem $Folder -File -Recurse -Force | ForEach-Object { "$($_.FullName) $($_.Length) $($_.LastWriteTimeUtc.Ticks)" })
    }
}

Describe 'Get-FlowPlan' {
    BeforeEach {
        $log = [Collections.Generic.List[string]]::new()
        $folder = New-TestFolder
    }

    It 'says what a new run would do, and runs nothing of the flow' {
        $flow = New-Flow blocks -Store $folder -StateHandler { $log.Add('handler') } {
            task a { $log.Add('body') }
            task b { 1 } -After a -When { $log.Add('condition'); $true }
            task c { 1 } -After a -Trigger { $log.Add('trigger'); $true }
            task d { 1 } -After a -Target { $log.Add('target'); 'd.json' }
            task e { 1 } -After b
            task f { 1 } -After a -Trigger AnyFailed
        }
        Get-Plan $flow | Should -BeExactly @(
            'a: Run (has not run)'
            'b: Unknown (its condition (-When) is a script block, which a plan does not run)'
            'c: Unknown (its trigger is a script block, which a plan does not run)'
            'd: Unknown (its target is made by a script block, which a plan does not run)'
            "e: Unknown (is downstream of 'b', whose outcome is not known)"
            'f: Fail (Trigger was "any_failed" but none of the upstream tasks failed)'
        )
        $log | Should -BeNullOrEmpty
        Get-ChildItem $folder -Force | Where-Object Name -ne '.prefectps' | Should -BeNullOrEmpty
    }

    It 'is about <How>, and leaves the store as it is' -ForEach @(
        @{ How = 'the newest run'; Use = { Get-Plan $flow -Resume } }
        @{ How = 'a run by its id'; Use = { Get-Plan $flow -RunId $run.RunId } }
        @{ How = 'a state'; Use = { $run | Get-FlowPlan | ForEach-Object { "$_" } } }
        @{ How = 'a state beside its flow'; Use = { Get-Plan $flow -State $run } }
        @{ How = 'a run on record'; Use = { Get-FlowRun $flow | Get-FlowPlan | ForEach-Object { "$_" } } }
        @{ How = 'a document'; Use = { $run | ConvertFrom-FlowState | Get-FlowPlan $flow | ForEach-Object { "$_" } } }
    ) {
        $flow = New-Flow stored -Store $folder { task a { 1, 2 }; task each { param($x) $x } -Map @{ x = 'a' }; task ask { 1 } -After each -Trigger ManualOnly }
        $run = Invoke-FlowStep $flow -Resume -MaxTasks 2
        $before = Get-Listing $folder
        $plan = & $Use
        $plan[0] | Should -BeLikeExactly 'a: Keep (has ended Success at *)'
        $plan[1] | Should -BeExactly 'each: Run (its children: 1 Run, 1 Keep)'
        $plan[2] | Should -BeLikeExactly 'each`[0`]: Keep *'
        $plan[3] | Should -BeExactly 'each[1]: Run (has not run)'
        $plan[4] | Should -BeExactly 'ask: Wait (waits for approval)'
        Get-Listing $folder | Should -BeExactly $before
        (Get-FlowRun $flow -RunId $run.RunId).Step | Should -Be 1
    }

    It 'with a schedule and nothing due all tasks wait, and the schedule is not taken note of' {
        $flow = New-Flow nightly -Store $folder -Schedule '0 3 1 1 *' { task a { 1 } }
        Get-Plan $flow -Resume | Should -BeLikeExactly 'a: Wait (No run is due before *'
        $null = Invoke-FlowStep $flow -Resume
        Get-Plan $flow -Resume | Should -BeLikeExactly 'a: Wait (No run is due before *'
    }

    It 'plans the tasks of a flow inside a task, what it takes not being known' {
        $inner = New-Flow inner -Parameter @{ Value = $null } { task plain { 1 }; task mapped { param($x) $x } -MapParameter @{ x = 'Value' } }
        $outer = New-Flow outer { task a { 1, 2 }; task sub -Subflow $inner -InputFrom @{ Value = 'a' } }
        Get-Plan $outer | Should -BeExactly @(
            'a: Run (has not run)', "sub: Run (has not run, and is downstream of 'a')", 'sub/plain: Run (has not run)'
            'sub/mapped: Unknown (how often it runs depends on a result that does not exist yet)'
        )
    }

    It 'a state that is older than the record is the error that the step would be' {
        $flow = New-Flow stored -Store $folder { task a { 1 }; task b { 2 } }
        $old = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
        $null = $old | Invoke-FlowStep
        { $old | Get-FlowPlan } | Should -Throw -ErrorId 'FlowStoreConflict,*'
    }

    It 'names a task that there is not' {
        { Get-FlowPlan (New-Flow f { task a { 1 } }) -Task b } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
    }

    It 'is shown as a table of task, action and reason' {
        $text = Get-FlowPlan (New-Flow f { task a { 1 } }) | Out-String -Width 100
        $text | Should -Match '(?m)^Task +Action +Reason *$'
        $text | Should -Match '(?m)^a +Run +has not run *$'
    }
}

Describe '-WhatIf' {
    It 'writes the plan of the step as What-if lines, and returns nothing' {
        (Get-HostOutput @'
            $flow = New-Flow careful { task one { Write-Host ran }; task two { Write-Host ran } -After one }
            $run = Invoke-FlowStep $flow -MaxTasks 1 -WhatIf
            "put out: $run"
            $run = Invoke-Flow $flow -WhatIf
'@) -replace 'run \d{8}T\d+-\w+', 'run *' | Should -BeExactly @(
            'What if: Performing the operation "Run step 1" on target "careful, run *".'
            'What if: one: Run (has not run)'
            "What if: two: Wait (the step's budget is used up)"
            'put out: '
            'What if: Performing the operation "Run flow" on target "careful, run *".'
            'What if: one: Run (has not run)'
            "What if: two: Run (has not run, and is downstream of 'one')"
        )
    }

    It 'counts in how many run at once' {
        $lines = Get-HostOutput 'Invoke-Flow (New-Flow some { task a { param($x) } -MapArgument @{ x = 1..4 } -MapAtLeast 2 }) -ThrottleLimit 3 -WhatIf'
        $lines -match 'a\[2\]: ' | Should -BeLike '*Unknown*'
    }
}
