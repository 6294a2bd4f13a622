BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function New-Etl([hashtable] $With = @{}) {
        New-Flow etl @With {
            task extract { $log.Add('extract'); 1, 2 } -Tag nightly
            task load { param($rows) $log.Add('load'); $rows.Count } -InputFrom @{ rows = 'extract' } -Tag nightly, slow
            task report { param($count) $log.Add('report'); "$count rows" } -InputFrom @{ count = 'load' }
            task audit { $log.Add('audit') } -After load
            task tidy { $log.Add('tidy') } -Tag weekly
        }
    }
}

Describe 'Runs of some tasks' {
    BeforeEach {
        $log = [Collections.Generic.List[string]]::new()
    }

    It '-Task runs a task and what it needs; the rest stays Pending, and the run speaks of what was chosen' {
        $run = Invoke-Flow (New-Etl) -Task report
        $log | Should -BeExactly 'extract', 'load', 'report'
        $run.State | Should -BeExactly 'Success'
        $run.HasPending | Should -BeFalse
        $run.Selection | Should -BeExactly 'report'
        $run.Message | Should -BeExactly 'All reference tasks succeeded. 3 of 5 tasks are selected.'
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Success', 'Pending', 'Pending'
        $run | Assert-FlowState
    }

    It 'by <What>' -TestCases @(
        @{ What = 'several names'; Choice = @{ Task = 'report', 'tidy' }; Ran = 'extract', 'load', 'report', 'tidy' }
        @{ What = 'a wildcard'; Choice = @{ Task = '*t' }; Ran = 'extract', 'load', 'report', 'audit' }
        @{ What = 'a tag'; Choice = @{ Tag = 'weekly' }; Ran = , 'tidy' }
        @{ What = 'a tag by wildcard'; Choice = @{ Tag = 'night*' }; Ran = 'extract', 'load' }
        @{ What = 'a name and a tag'; Choice = @{ Task = '*'; Tag = 'slow' }; Ran = 'extract', 'load' }
        @{ What = 'where it begins'; Choice = @{ FromTask = 'extract' }; Ran = 'extract', 'load', 'report', 'audit' }
        @{ What = 'where it begins and ends, -From for short'; Choice = @{ From = 'extract'; Task = 'load' }; Ran = 'extract', 'load' }
    ) {
        (Invoke-Flow (New-Etl) @Choice).State | Should -BeExactly 'Success'
        $log | Should -BeExactly $Ran
    }

    It '-ThrottleLimit runs the same tasks' {
        $run = New-Flow wide {
            task a { 'a' }
            task b { param($x) "$x b" } -InputFrom @{ x = 'a' }
            task c { 'c' } -After a
        } | Invoke-Flow -Task b -ThrottleLimit 3
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Pending'
        $run.Tasks[1].Result | Should -BeExactly 'a b'
    }

    It '<What> is an error before anything runs, by <Cmdlet>' -TestCases @(
        foreach ($cmdlet in 'Invoke-Flow', 'Invoke-FlowStep') {
            @{ Cmdlet = $cmdlet; What = 'a name that the flow does not have'; Choice = @{ Task = 'report', 'reprot' }; Id = 'FlowTaskNotFound' }
            @{ Cmdlet = $cmdlet; What = 'a pattern that fits nothing'; Choice = @{ Task = 'x*' }; Id = 'FlowTaskNotFound' }
            @{ Cmdlet = $cmdlet; What = 'a tag that no task has'; Choice = @{ Tag = 'nightli' }; Id = 'FlowTaskNotFound' }
            @{ Cmdlet = $cmdlet; What = 'an unknown task to begin at'; Choice = @{ FromTask = 'laod' }; Id = 'FlowTaskNotFound' }
            @{ Cmdlet = $cmdlet; What = 'a choice of nothing'; Choice = @{ Task = 'report'; Tag = 'weekly' }; Id = 'FlowSelectionInvalid' }
            @{ Cmdlet = $cmdlet; What = 'a beginning without what comes before it'; Choice = @{ FromTask = 'load' }; Id = 'FlowSelectionInvalid' }
        }
    ) {
        { & $Cmdlet (New-Etl) @Choice } | Should -Throw -ErrorId "$Id,*"
        $log | Should -BeNullOrEmpty
    }

    It 'a child of a mapped task is not a choice, and the error says what is' {
        $flow = New-Flow maps {
            task list { 1, 2 }
            task each { param($x) $log.Add("each $x"); $x } -Map @{ x = 'list' }
            task sum { $log.Add('sum') } -After each
        }
        { Invoke-Flow $flow -Task 'each[1]' } | Should -Throw -ErrorId 'FlowSelectionInvalid,*' -ExpectedMessage '*Set-FlowTaskState -Task*'
        $run = Invoke-Flow $flow -Task each
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'each 1', 'each 2'
        $run.Tasks[1].Result | Should -BeStrictly 1, 2
    }

    It 's/ok is the task in a subflow, with what it needs there and around it' {
        $inner = New-Flow inner {
            task first { $log.Add('s/first') }
            task ok { $log.Add('s/ok') } -After first
            task last { $log.Add('s/last') } -After ok
        }
        $flow = New-Flow outer {
            task before { $log.Add('before') }
            task s -Subflow $inner -After before
            task after { $log.Add('after') } -After s
        }
        $run = Invoke-Flow $flow -Task s/ok
        $log | Should -BeExactly 'before', 's/first', 's/ok'
        $run.State | Should -BeExactly 'Success'
        ($run | Get-FlowTask s/last).State | Should -BeExactly 'Pending'
        $log.Clear()
        ($run | Invoke-Flow -Task after).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 's/last', 'after'
        { Invoke-Flow $flow -Task s/oops } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
    }

    It '-FromTask takes what comes before from the run that is given, and what runs is new' {
        $flow = New-Etl
        $run = Invoke-Flow $flow
        $log.Clear()
        $again = $run | Invoke-Flow -FromTask load -Task report
        $log | Should -BeExactly 'load', 'report'
        $again.RunId | Should -BeExactly $run.RunId
        $again.Tasks[2].Result | Should -BeExactly '2 rows'
        $again.Tasks.State | Should -BeExactly 'Success', 'Success', 'Success', 'Success', 'Success'
    }

    It 'a failed run is taken up from where it failed, as often as it takes' {
        $broken = @{ Yes = $true }
        $flow = New-Flow mended {
            task extract { $log.Add('extract') }
            task load { $log.Add('load'); if ($broken.Yes) { throw 'no room' } } -After extract
            task report { $log.Add('report') } -After load
        }
        $run = Invoke-Flow $flow
        $run = $run | Invoke-Flow -FromTask load
        $run.State | Should -BeExactly 'Failed'
        $broken.Yes = $false
        $run = $run | Invoke-Flow -FromTask load
        $run.State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'extract', 'load', 'load', 'load', 'report'
    }

    It 'in steps, through <Form>, it stays what it is, and nobody has to say it again' -TestCases @(
        @{ Form = 'JSON'; Options = @{} }
        @{ Form = 'compact text'; Options = @{ Compact = $true } }
    ) {
        $flow = New-Etl
        $run = Invoke-FlowStep $flow -Task report -MaxTasks 1 -ResetCancelled
        while ($run.HasPending) {
            $run = $run | ConvertFrom-FlowState @Options | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        }
        $log | Should -BeExactly 'extract', 'load', 'report'
        $run.State | Should -BeExactly 'Success'
    }

    It 'the bare array of Prefect has no place for it, which is a warning' {
        $run = Invoke-FlowStep (New-Etl) -Task report -MaxTasks 1
        $run | ConvertFrom-FlowState -AsPrefect -WarningVariable said -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        "$said" | Should -BeLike '*report*'
    }

    It 'on record -Resume and -RunId continue it as it is, and the next -Resume starts a run' {
        $folder = New-TestFolder
        $flow = { New-Etl @{ Store = $folder } }
        $run = Invoke-FlowStep (& $flow) -Resume -Task report -MaxTasks 1
        $run = Invoke-FlowStep (& $flow) -Resume -MaxTasks 1
        $run.Selection | Should -BeExactly 'report'
        $run = Invoke-FlowStep (& $flow) -RunId $run.RunId
        $run.State | Should -BeExactly 'Success'
        (Get-FlowRun (& $flow)).State | Should -BeExactly 'Success'
        (Invoke-FlowStep (& $flow) -RunId $run.RunId).Tasks.State | Should -BeExactly 'Success', 'Success', 'Success', 'Pending', 'Pending'
        $log | Should -BeExactly 'extract', 'load', 'report'
        (Invoke-FlowStep (& $flow) -Resume).RunId | Should -Not -Be $run.RunId
    }

    It 'the same line again and again continues its run; -Resume with another choice, and -RunId with a wider one, are errors' {
        $folder = New-TestFolder
        $flow = { New-Etl @{ Store = $folder } }
        $runs = @(for ($i = 0; $i -lt 3; $i++) { Invoke-FlowStep (& $flow) -Resume -Task report -MaxTasks 1 })
        ($runs.RunId | Select-Object -Unique).Count | Should -Be 1
        $runs[2].State | Should -BeExactly 'Success'
        $whole = Invoke-FlowStep (& $flow) -Resume -MaxTasks 1
        { Invoke-FlowStep (& $flow) -Resume -Task report } | Should -Throw -ErrorId 'FlowSelectionInvalid,*' -ExpectedMessage '*all its tasks*'
        { Invoke-FlowStep (& $flow) -RunId $runs[0].RunId -Task tidy } | Should -Throw -ErrorId 'FlowSelectionInvalid,*'
        (Invoke-FlowStep (& $flow) -RunId $whole.RunId -Task load).State | Should -BeExactly 'Success'
        { Invoke-FlowStep (& $flow) -RunId $whole.RunId -Task report } | Should -Throw -ErrorId 'FlowSelectionInvalid,*'
    }

    It '-RunId with -FromTask takes up a recorded run from there on' {
        $folder = New-TestFolder
        $run = Invoke-Flow (New-Etl @{ Store = $folder })
        $log.Clear()
        (Invoke-Flow (New-Etl @{ Store = $folder }) -RunId $run.RunId -FromTask load).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'load', 'report', 'audit'
        (Get-FlowRun (New-Etl @{ Store = $folder })).Step | Should -BeStrictly 2
    }

    It 'Get-FlowPlan -Task plans what was chosen, and keeps the others' {
        $plan = Get-FlowPlan (New-Etl) -Task report
        $plan | Where-Object Action -eq Run | ForEach-Object Path | Should -BeExactly 'extract', 'load', 'report'
        @($plan | Where-Object Action -eq Keep).Reason | Select-Object -Unique | Should -BeExactly 'is not selected'
        $log | Should -BeNullOrEmpty
    }

    It 'Test-Flow tells whether it can be chosen, and warns of its tasks only' {
        $flow = New-Flow reads {
            task a { $using:PID }
            task b { $callers } -After a
        }
        $callers = 1
        Test-Flow $flow -Task a -WarningVariable said | Should -BeTrue
        $said | Should -BeNullOrEmpty
        Test-Flow $flow -Task b -WarningVariable said -WarningAction SilentlyContinue | Should -BeTrue
        "$said" | Should -BeLike '*$callers*'
        Test-Flow $flow -Task c -ErrorVariable why -ErrorAction SilentlyContinue | Should -BeFalse
        $why[0].FullyQualifiedErrorId | Should -BeLike 'FlowTaskNotFound,*'
    }

    It 'names and tags are completed' {
        $flow = New-Etl
        foreach ($word in 'Invoke-Flow $flow -Task re', 'Invoke-FlowStep $flow -FromTask re', 'Test-Flow $flow -Task re') {
            (TabExpansion2 $word $word.Length).CompletionMatches.CompletionText | Should -BeExactly 'report'
        }
        $word = 'Invoke-Flow $flow -Tag we'
        (TabExpansion2 $word $word.Length).CompletionMatches.CompletionText | Should -BeExactly 'weekly'
    }
}
