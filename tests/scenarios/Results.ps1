function Sort-Name {
    # Sort-Object is not everywhere.
    $names = [string[]] @($input)
    [array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

$today = [datetime]::UtcNow.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)

Scenario 'a result survives a step inside the document' {
    $flow = New-Flow inline { task a { 41 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
    $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal @(41, 42) $run.Tasks.Result
}

Scenario 'a result survives a step in a store, and the document has its place only' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow stored -Store $folder { task a { 'a long secret' }; task b { param($x) "$x, read" } -InputFrom @{ x = 'a' } }
    $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    Assert-True (-not $json.Contains('a long secret')) 'the document has no result in it'
    Assert-Like '*"location":"runs/stored/*/results/a.json"*' $json
    $run = $json | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal 'a long secret, read' $run.Tasks[1].Result
}

Scenario 'a result is found again by another process with the same flow' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow stored -Store $folder { task a { @{ rows = 1, 2, 3 } }; task b { param($x) $x.rows.Count } -InputFrom @{ x = 'a' } } }
    $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    Assert-Equal 3 ($json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep).Tasks[1].Result
}

Scenario 'a target is a path in the store, with .NET''s date formats' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow dated -Store $folder -Target '{date:yyyy-MM-dd}/{task_name}.txt' { task one { 'first' }; task two { 'second' } }
    $run = Invoke-Flow $flow
    Assert-Equal @("$today/one.txt", "$today/two.txt") (Get-ResultFile $folder)
    Assert-Equal @("$today/one.txt", "$today/two.txt") $run.Tasks.ResultLocation
    Assert-Equal 'first' ([IO.File]::ReadAllText("$folder/$today/one.txt"))
}

Scenario 'a target may have strftime''s date formats' {
    $folder = Get-ScenarioFolder
    $null = New-Flow dated -Store $folder -Target '{date:%Y-%m-%d}/{task_name}.txt' { task one { 'first' } } | Invoke-Flow
    Assert-Equal @("$today/one.txt") (Get-ResultFile $folder)
}

Scenario 'a task''s own target goes before the flow''s' {
    $folder = Get-ScenarioFolder
    $null = New-Flow dated -Store $folder -Target '{task_name}.json' { task one { 1 } -Target 'own/{task_slug}.txt'; task two { 2 } } | Invoke-Flow
    Assert-Equal @('own/one.txt', 'two.json') (Get-ResultFile $folder)
}

Scenario 'the extension chooses the form' {
    $folder = Get-ScenarioFolder
    $null = New-Flow forms -Store $folder {
        task json { [ordered]@{ n = 1 } } -Target 'a.json'
        task text { 'line 1', 'line 2' } -Target 'a.txt'
    } | Invoke-Flow
    Assert-Like '*"n":1*' ([IO.File]::ReadAllText("$folder/a.json"))
    Assert-Equal "line 1`nline 2" ([IO.File]::ReadAllText("$folder/a.txt"))
}

Scenario 'a task whose target is there is Cached without running' {
    $folder = Get-ScenarioFolder
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow cached -Store $folder -Target '{task_name}.json' {
        task a { $log.Add('a'); 41 }
        task b { param($x) $log.Add('b'); $x + 1 } -InputFrom @{ x = 'a' }
    }
    $null = Invoke-Flow $flow
    [IO.File]::Delete("$folder/b.json")
    $run = Invoke-Flow $flow
    Assert-Equal @('a', 'b', 'b') $log
    Assert-Equal @('Cached', 'Success') $run.Tasks.State
    Assert-Equal 'Result found at task target a.json' $run.Tasks[0].Message
    Assert-Equal @(41, 42) $run.Tasks.Result
}

Scenario 'a cached task costs no budget' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow cached -Store $folder { task a { 1 } -Target 'a.json'; task b { 2 } -After a }
    [IO.File]::WriteAllText("$folder/a.json", '7')
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal @('Cached', 'Success') $run.Tasks.State
    Assert-Equal 7 $run.Tasks[0].Result
}

Scenario 'a failed task writes nothing' {
    $folder = Get-ScenarioFolder
    $null = New-Flow bad -Store $folder -Target '{task_name}.json' { task a { 'part'; throw 'no' } } | Invoke-Flow
    Assert-Equal @() (Get-ResultFile $folder)
}

Scenario 'a task without a result writes nothing and runs again' {
    $folder = Get-ScenarioFolder
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow silent -Store $folder -Target '{task_name}.json' { task a { $log.Add('ran') } }
    $null = Invoke-Flow $flow
    $null = Invoke-Flow $flow
    Assert-Equal @() (Get-ResultFile $folder)
    Assert-Equal @('ran', 'ran') $log
}

Scenario 'a target that leaves the store is refused where it is given' {
    $folder = Get-ScenarioFolder
    foreach ($target in '../out.json', 'a/../../out.json', '/etc/out.json', '\out.json', 'C:\out.json', 'C:out.json', 'NUL', 'a/con.txt', 'a.txt:stream', '{task_name}/..', '') {
        $id = if ($target) { 'FlowTargetInvalid' } else { 'ParameterArgumentValidationError' }
        $null = Assert-Error $id { New-Flow bad -Store $folder -Target $target } -Like "*$target*"
    }
}

Scenario 'a target that leaves the store through a name fails its task, and nothing is written' {
    $folder = Get-ScenarioFolder
    foreach ($name in '..', 'CON') {
        $run = New-Flow bad -Store "$folder/inside" -Target '{task_name}/x.json' { task $name { 1 } } | Invoke-Flow
        Assert-Equal 'Failed' $run.Tasks[0].State -Because $name
        Assert-Equal 'FlowTargetInvalid' $run.Tasks[0].Error.Id
        Assert-Like "*$name*" $run.Tasks[0].Message
    }
    Assert-Equal @() (Get-ResultFile $folder)
}

Scenario 'a malformed target is refused with what is wrong' {
    $folder = Get-ScenarioFolder
    $cases = @(
        @{ Target = '{date'; Like = '*not closed*' }
        @{ Target = 'date}'; Like = '*not opened*' }
        @{ Target = '{nonsense}.json'; Like = '*nonsense*' }
        @{ Target = '{date:%Q}'; Like = '*%Q*' }
    )
    foreach ($case in $cases) {
        $null = Assert-Error FlowTargetInvalid { New-Flow bad -Store $folder -Target $case.Target } -Like $case.Like
    }
}

Scenario 'a result that is gone from the store fails the task that needs it' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow lost -Store $folder -Target '{task_name}.json' { task a { 1 }; task b { param($x) "got $x" } -InputFrom @{ x = 'a' } } }
    $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    [IO.File]::Delete("$folder/a.json")
    $run = $json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
    Assert-Equal 'Failed' $run.Tasks[1].State
    Assert-Like '*a.json*gone*' $run.Tasks[1].Message
}

Scenario 'a result that was damaged in the store fails the task that needs it' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow torn -Store $folder -Target '{task_name}.json' { task a { 1 }; task b { param($x) "got $x" } -InputFrom @{ x = 'a' } } }
    $json = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    [IO.File]::WriteAllText("$folder/a.json", '{"torn":')
    $run = $json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
    Assert-Equal 'Failed' $run.Tasks[1].State
    Assert-Equal 'FlowResultInvalid' $run.Tasks[1].Error.Id
}

Scenario 'a store that cannot be written fails the task and says so' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/taken", 'a file, not a folder')
    $run = New-Flow blocked { task a { 1 } -Store "$folder/taken" -Target 'a.json'; task b { } -After a } | Invoke-Flow
    Assert-Equal @('Failed', 'TriggerFailed') $run.Tasks.State
    Assert-Equal 'FlowStoreFailed' $run.Tasks[0].Error.Id
    $null = Assert-Error FlowStoreFailed { New-Flow blocked -Store "$folder/taken" { task a { 1 } } | Invoke-Flow } -Like "*$folder/taken*lease.json*"
}

Scenario 'a step leaves no half-written file behind' {
    $folder = Get-ScenarioFolder
    $null = New-Flow clean -Store $folder -Target '{task_name}.json' { task a { 1 }; task b { 2 } } | Invoke-Flow
    Assert-Equal @('a.json', 'b.json') (Get-ResultFile $folder)
}

Scenario 'a task may have a store of its own, and later steps find its results there' {
    $folder = Get-ScenarioFolder
    $define = {
        New-Flow stores -Store "$folder/all" {
            task a { 1 }
            task b { param($a) $a + 1 } -InputFrom @{ a = 'a' } -Store "$folder/own"
            task c { param($b) $b + 1 } -InputFrom @{ b = 'b' } -Target '{task_name}.json'
        }
    }
    $run = & $define | Invoke-FlowStep -MaxTasks 2 -ResetCancelled
    Assert-Equal @("$folder/all", "$folder/own", "$folder/all") @($run.Tasks | ForEach-Object { $_.Task.StoreName.Replace('\', '/') })
    Assert-Equal "runs/stores/$($run.RunId)/results/b.json" $run.Tasks[1].ResultLocation
    Assert-Equal @($run.Tasks[1].ResultLocation) (Get-ResultFile "$folder/own")
    foreach ($document in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect)) {
        $end = $document | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
        Assert-Equal @(1, 2, 3) $end.Tasks.Result
    }
    Assert-Equal @('all', 'own') @([IO.Directory]::GetDirectories($folder) | ForEach-Object { [IO.Path]::GetFileName($_) } | Sort-Name)
}

Scenario 'a task with a store needs none of its flow''s, for a target, for children and for later steps' {
    $folder = Get-ScenarioFolder
    $define = {
        New-Flow storeless {
            task list { 1, 2 }
            task each { param($n) $n * 10 } -Map @{ n = 'list' } -Store $folder -Target 'each/{map_index}.json'
            task sum { param($all) $all[0] + $all[1] } -InputFrom @{ all = 'each' }
        }
    }
    $run = & $define | Invoke-FlowStep -MaxTasks 3 -ResetCancelled
    Assert-Equal @('each/0.json', 'each/1.json') (Get-ResultFile $folder)
    foreach ($document in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect)) {
        Assert-Equal 30 ($document | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep).Tasks[2].Result
    }
    Assert-Equal @('Cached', 'Cached') (& $define | Invoke-Flow).Tasks[1].Children.State
}

Scenario 'a task''s store that cannot be used is said where the task is added' {
    $null = Assert-Error FlowInvalid { New-Flow odd { task a { 1 } -Store 'ftp://server/share' } } -Like '*ftp://server/share*'
    $null = Assert-Error FlowTargetInvalid { New-Flow odd { task a { 1 } -Target 'a.json' } } -Like '*Add-FlowTask -Store*'
}

Scenario 'a result that is not to be written travels inside the document' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow quiet -Store $folder {
        task a { 1 } -NoCheckpoint
        task b { param($a) $a + 1 } -InputFrom @{ a = 'a' }
    }
    $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
    Assert-Equal @() (Get-ResultFile $folder)
    Assert-Equal $null $run.Tasks[0].ResultLocation
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal @(1, 2) $run.Tasks.Result
    Assert-Equal @($run.Tasks[1].ResultLocation) (Get-ResultFile $folder)
}

Scenario 'a flow may write no results, but for the tasks that say otherwise' {
    $folder = Get-ScenarioFolder
    $run = New-Flow quiet -Store $folder -Target '{task_name}.json' -NoCheckpoint { task a { 1 }; task b { 2 } -NoCheckpoint:$false } | Invoke-Flow
    Assert-Equal @(1, 2) $run.Tasks.Result
    Assert-Equal @('b.json') (Get-ResultFile $folder)
}

Scenario 'a target that something else wrote is found though the task itself writes none' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow quiet -Store $folder { task a { 1 } -Target 'a.json' -NoCheckpoint }
    Assert-Equal @('Success', 'Success') @((Invoke-Flow $flow), (Invoke-Flow $flow) | ForEach-Object { $_.Tasks.State })
    [IO.File]::WriteAllText("$folder/a.json", '7')
    $run = Invoke-Flow $flow
    Assert-Equal 'Cached' $run.Tasks[0].State
    Assert-Equal 7 $run.Tasks[0].Result
}
