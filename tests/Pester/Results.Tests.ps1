BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Results' {
    BeforeEach {
        $folder = New-TestFolder
        $today = [datetime]::UtcNow.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
    }

    It 'a result survives a step inside the document' {
        $flow = New-Flow inline { task a { 41 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
        $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks.Result | Should -BeStrictly 41, 42
    }

    It 'a result survives a step in a store, and the document has its place only' {
        $flow = New-Flow stored -Store $folder { task a { 'a long secret' }; task b { param($x) "$x, read" } -InputFrom @{ x = 'a' } }
        $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $json | Should -Not -BeLikeExactly '*a long secret*' -Because 'the document has no result in it'
        $json | Should -BeLikeExactly '*"location":"runs/stored/*/results/*/a.1-1.json"*'
        $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks[1].Result | Should -BeExactly 'a long secret, read'
    }

    It 'a result is found again by another process with the same flow' {
        $define = {
            New-Flow stored -Store $folder {
                task a { @{ rows = 1, 2, 3 } }
                task b { param($x) $x.rows.Count } -InputFrom @{ x = 'a' }
            }
        }
        $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        ($json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep).Tasks[1].Result | Should -BeStrictly 3
    }

    It 'a target is a path in the store, with .NET''s date formats' {
        $flow = New-Flow dated -Store $folder -Target '{date:yyyy-MM-dd}/{task_name}.txt' { task one { 'first' }; task two { 'second' } }
        $run = Invoke-Flow $flow
        Get-ResultFile $folder | Should -BeExactly "$today/one.txt", "$today/two.txt"
        $run.Tasks.ResultLocation | Should -BeExactly "$today/one.txt", "$today/two.txt"
        Get-Content "$folder/$today/one.txt" -Raw | Should -BeExactly 'first'
    }

    It 'a target may have strftime''s date formats' {
        $null = New-Flow dated -Store $folder -Target '{date:%Y-%m-%d}/{task_name}.txt' { task one { 'first' } } | Invoke-Flow
        Get-ResultFile $folder | Should -BeExactly "$today/one.txt"
    }

    It 'a task''s own target goes before the flow''s' {
        $null = New-Flow dated -Store $folder -Target '{task_name}.json' {
            task one { 1 } -Target 'own/{task_slug}.txt'
            task two { 2 }
        } | Invoke-Flow
        Get-ResultFile $folder | Should -BeExactly 'own/one.txt', 'two.json'
    }

    It 'the extension chooses the form' {
        $null = New-Flow forms -Store $folder {
            task json { [ordered]@{ n = 1 } } -Target 'a.json'
            task text { 'line 1', 'line 2' } -Target 'a.txt'
        } | Invoke-Flow
        Get-Content "$folder/a.json" -Raw | Should -BeLikeExactly '*"n":1*'
        Get-Content "$folder/a.txt" -Raw | Should -BeExactly "line 1`nline 2"
    }

    It 'a task whose target is there is Cached without running' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow cached -Store $folder -Target '{task_name}.json' {
            task a { $log.Add('a'); 41 }
            task b { param($x) $log.Add('b'); $x + 1 } -InputFrom @{ x = 'a' }
        }
        $null = Invoke-Flow $flow
        Remove-Item "$folder/b.json"
        $run = Invoke-Flow $flow
        $log | Should -BeExactly 'a', 'b', 'b'
        $run.Tasks.State | Should -BeExactly 'Cached', 'Success'
        $run.Tasks[0].Message | Should -BeExactly 'Result found at task target a.json'
        $run.Tasks.Result | Should -BeStrictly 41, 42
    }

    It 'a cached task costs no budget' {
        $flow = New-Flow cached -Store $folder { task a { 1 } -Target 'a.json'; task b { 2 } -After a }
        Set-Content "$folder/a.json" '7' -NoNewline
        $run = Invoke-FlowStep $flow -MaxTasks 1
        $run.Tasks.State | Should -BeExactly 'Cached', 'Success'
        $run.Tasks[0].Result | Should -BeStrictly 7
    }

    It 'a failed task writes nothing' {
        $null = New-Flow bad -Store $folder -Target '{task_name}.json' { task a { 'part'; throw 'no' } } | Invoke-Flow
        Get-ResultFile $folder | Should -BeNullOrEmpty
    }

    It 'a task without a result writes nothing and runs again' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow silent -Store $folder -Target '{task_name}.json' { task a { $log.Add('ran') } }
        $null = Invoke-Flow $flow
        $null = Invoke-Flow $flow
        Get-ResultFile $folder | Should -BeNullOrEmpty
        $log | Should -BeExactly 'ran', 'ran'
    }

    It 'a target that leaves the store is refused where it is given: <Target>' -ForEach @(
        @{ Target = '../out.json' }
        @{ Target = 'a/../../out.json' }
        @{ Target = '/etc/out.json' }
        @{ Target = '\out.json' }
        @{ Target = 'C:\out.json' }
        @{ Target = 'C:out.json' }
        @{ Target = 'NUL' }
        @{ Target = 'a/con.txt' }
        @{ Target = 'a.txt:stream' }
        @{ Target = '{task_name}/..' }
    ) {
        { New-Flow bad -Store $folder -Target $Target } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*$Target*"
    }

    It 'a target that is empty is refused where it is given' {
        { New-Flow bad -Store $folder -Target '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'a target that leaves the store through a name fails its task, and nothing is written: <Name>' -ForEach @(
        @{ Name = '..' }
        @{ Name = 'CON' }
    ) {
        $run = New-Flow bad -Store "$folder/inside" -Target '{task_name}/x.json' { task $Name { 1 } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
        $run.Tasks[0].Error.Id | Should -BeExactly 'FlowTargetInvalid'
        $run.Tasks[0].Message | Should -BeLikeExactly "*$Name*"
        Get-ResultFile $folder | Should -BeNullOrEmpty
    }

    It 'a malformed target is refused with what is wrong: <Target>' -ForEach @(
        @{ Target = '{date'; Like = '*not closed*' }
        @{ Target = 'date}'; Like = '*not opened*' }
        @{ Target = '{nonsense}.json'; Like = '*nonsense*' }
        @{ Target = '{date:%Q}'; Like = '*%Q*' }
    ) {
        { New-Flow bad -Store $folder -Target $Target } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly $Like
    }

    It 'a result that is gone from the store fails the task that needs it' {
        $define = {
            New-Flow lost -Store $folder -Target '{task_name}.json' {
                task a { 1 }
                task b { param($x) "got $x" } -InputFrom @{ x = 'a' }
            }
        }
        $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        Remove-Item "$folder/a.json"
        $run = $json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
        $run.Tasks[1].State | Should -BeExactly 'Failed'
        $run.Tasks[1].Message | Should -BeLikeExactly '*a.json*gone*'
    }

    It 'a result that was damaged in the store fails the task that needs it' {
        $define = {
            New-Flow torn -Store $folder -Target '{task_name}.json' {
                task a { 1 }
                task b { param($x) "got $x" } -InputFrom @{ x = 'a' }
            }
        }
        $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        Set-Content "$folder/a.json" '{"torn":' -NoNewline
        $run = $json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
        $run.Tasks[1].State | Should -BeExactly 'Failed'
        $run.Tasks[1].Error.Id | Should -BeExactly 'FlowResultInvalid'
    }

    It 'a store that cannot be written fails the task and says so' {
        Set-Content "$folder/taken" 'a file, not a folder' -NoNewline
        $run = New-Flow blocked { task a { 1 } -Store "$folder/taken" -Target 'a.json'; task b { } -After a } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed'
        $run.Tasks[0].Error.Id | Should -BeExactly 'FlowStoreFailed'
        { New-Flow blocked -Store "$folder/taken" {
            task a { 1 }
        } | Invoke-Flow } | Should -Throw -ErrorId 'FlowStoreFailed,*' -PassThru | Should -BeLikeExactly "*$folder/taken*lease.json*"
    }

    It 'a step leaves no half-written file behind' {
        $null = New-Flow clean -Store $folder -Target '{task_name}.json' { task a { 1 }; task b { 2 } } | Invoke-Flow
        Get-ResultFile $folder | Should -BeExactly 'a.json', 'b.json'
    }

    It 'a task may have a store of its own, and later steps find its results there' {
        $define = {
            New-Flow stores -Store "$folder/all" {
                task a { 1 }
                task b { param($a) $a + 1 } -InputFrom @{ a = 'a' } -Store "$folder/own"
                task c { param($b) $b + 1 } -InputFrom @{ b = 'b' } -Target '{task_name}.json'
            }
        }
        $run = & $define | Invoke-FlowStep -MaxTasks 2 -ResetCancelled
        @($run.Tasks | ForEach-Object { $_.Task.StoreName.Replace('\', '/') }) |
            Should -BeExactly "$folder/all", "$folder/own", "$folder/all"
        $run.Tasks[1].ResultLocation | Should -BeLikeExactly "run-results/stores/$($run.RunId)/*/results/*/b.1-1.json"
        Get-ResultFile "$folder/own" | Should -BeStrictly $run.Tasks[1].ResultLocation
        foreach ($form in @{}, @{ AsPrefect = $true }) {
            $document = & $define | Invoke-FlowStep -MaxTasks 2 -ResetCancelled | ConvertFrom-FlowState @form
            $end = $document | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
            $end.Tasks.Result | Should -BeStrictly 1, 2, 3
        }
        (Get-ChildItem $folder -Directory | Sort-Object Name).Name | Should -BeExactly 'all', 'own'
    }

    It 'a task with a store needs none of its flow''s, for a target, for children and for later steps' {
        $define = {
            New-Flow storeless {
                task list { 1, 2 }
                task each { param($n) $n * 10 } -Map @{ n = 'list' } -Store $folder -Target 'each/{map_index}.json'
                task sum { param($all) $all[0] + $all[1] } -InputFrom @{ all = 'each' }
            }
        }
        $run = & $define | Invoke-FlowStep -MaxTasks 3 -ResetCancelled
        Get-ResultFile $folder | Should -BeExactly 'each/0.json', 'each/1.json'
        foreach ($document in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect)) {
            ($document | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep).Tasks[2].Result | Should -BeStrictly 30
        }
        (& $define | Invoke-Flow).Tasks[1].Children.State | Should -BeExactly 'Cached', 'Cached'
    }

    It 'a task''s store that cannot be used is said where the task is added' {
        {
            New-Flow odd {
                task a { 1 } -Store 'ftp://server/share'
            }
        } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*ftp://server/share*'
        {
            New-Flow odd {
                task a { 1 } -Target 'a.json'
            }
        } | Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly '*Add-FlowTask -Store*'
    }

    It 'a result that is not to be written travels inside the document' {
        $flow = New-Flow quiet -Store $folder {
            task a { 1 } -NoCheckpoint
            task b { param($a) $a + 1 } -InputFrom @{ a = 'a' }
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
        Get-ResultFile $folder | Should -BeNullOrEmpty
        $run.Tasks[0].ResultLocation | Should -Be $null
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks.Result | Should -BeStrictly 1, 2
        Get-ResultFile $folder | Should -BeStrictly $run.Tasks[1].ResultLocation
    }

    It 'a flow may write no results, but for the tasks that say otherwise' {
        $run = New-Flow quiet -Store $folder -Target '{task_name}.json' -NoCheckpoint { task a { 1 }; task b { 2 } -NoCheckpoint:$false } |
            Invoke-Flow
        $run.Tasks.Result | Should -BeStrictly 1, 2
        Get-ResultFile $folder | Should -BeExactly 'b.json'
    }

    It 'a target that something else wrote is found though the task itself writes none' {
        $flow = New-Flow quiet -Store $folder { task a { 1 } -Target 'a.json' -NoCheckpoint }
        @((Invoke-Flow $flow), (Invoke-Flow $flow) | ForEach-Object { $_.Tasks.State }) | Should -BeExactly 'Success', 'Success'
        Set-Content "$folder/a.json" '7' -NoNewline
        $run = Invoke-Flow $flow
        $run.Tasks[0].State | Should -BeExactly 'Cached'
        $run.Tasks[0].Result | Should -BeStrictly 7
    }
}
