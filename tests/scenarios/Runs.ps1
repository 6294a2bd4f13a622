function New-Chain([string] $Store = (Get-ScenarioFolder)) {
    New-Flow chain -Store $Store {
        task a { $log.Add('a'); 'a' }
        task b { param($x) $log.Add('b'); "$x, b" } -InputFrom @{ x = 'a' }
        task c { param($x) $log.Add('c'); "$x, c" } -InputFrom @{ x = 'b' }
    }
}

$log = [Collections.Generic.List[string]]::new()

Scenario 'one line, called again and again, takes a run to its end and then begins the next' {
    $states = @(for ($i = 0; $i -lt 4; $i++) { (Invoke-FlowStep (New-Chain) -Resume -MaxTasks 1).State })
    Assert-Equal @('Pending', 'Pending', 'Success', 'Pending') $states
    Assert-Equal @('a', 'b', 'c', 'a') $log
    $runs = Get-FlowRun (New-Chain)
    Assert-Equal @('Pending', 'Success') $runs.State
    Assert-Equal @(1, 3) $runs.Step
}

Scenario 'the line that the README shows works as it stands' {
    $flow = New-Chain
    $run = Invoke-FlowStep $flow -Resume -TimeBudget 00:08:00
    Assert-Equal 'Success' $run.State
    Assert-Equal 'a, b, c' $run.Tasks[2].Result
}

Scenario 'a run can be named, and is then done once' {
    $run = Invoke-FlowStep (New-Chain) -RunId '2026-11-24' -MaxTasks 2
    Assert-Equal '2026-11-24' $run.RunId
    $run = Invoke-Flow (New-Chain) -RunId '2026-11-24'
    Assert-Equal 'Success' $run.State
    $run = Invoke-FlowStep (New-Chain) -RunId '2026-11-24'
    Assert-Equal 2 $run.Step
    Assert-Equal @('a', 'b', 'c') $log
}

Scenario 'a state that is handed on is on record, and one that comes late changes nothing' {
    $flow = New-Chain
    $first = Invoke-FlowStep $flow -MaxTasks 1 | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending' | ConvertFrom-FlowState
    $null = $first | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
    $null = Assert-Error FlowStoreConflict { $first | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 } -Like "*is at step 2; this state is of step 1*-RunId*"
    Assert-Equal @('a', 'b') $log
    Assert-Equal 2 (Get-FlowRun $flow).Step
    Assert-Equal 'Success' (Invoke-FlowStep $flow -Resume).State
    Assert-Equal @('a', 'b', 'c') $log
}

Scenario 'the newest state can be changed by hand and run again' {
    $fail = @{ now = $true }
    $flow = New-Flow again -Store (Get-ScenarioFolder) { task a { $log.Add('a') }; task b { $log.Add('b'); if ($fail.now) { throw 'no' } } -After a }
    $run = Invoke-FlowStep $flow
    Assert-Equal 'Failed' (Get-FlowRun $flow).State
    $fail.now = $false
    $run = $run | Set-FlowTaskState -From Failed -To Pending | Invoke-FlowStep
    Assert-Equal 'Success' $run.State
    Assert-Equal 'Success' (Get-FlowRun $flow).State
    Assert-Equal @('a', 'b', 'b') $log
}

Scenario 'with NoCheckpoint nothing is on record, unless it is asked for' {
    $flow = New-Flow quiet -Store (Get-ScenarioFolder) -NoCheckpoint { task a { 1 }; task b { 2 } }
    $null = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal 0 @(Get-FlowRun $flow).Count
    $null = Invoke-FlowStep $flow -Resume -MaxTasks 1
    Assert-Equal @(1, 2) (Invoke-FlowStep $flow -Resume).Tasks.Result
}

Scenario 'a flow without a store has no record' {
    $flow = New-Flow free { task a { 1 } }
    foreach ($call in { Invoke-FlowStep $flow -Resume }, { Invoke-FlowStep $flow -RunId x }, { Get-FlowRun $flow }, { Get-FlowHistory $flow x }) {
        $null = Assert-Error FlowInvalid $call -Like '*New-Flow -Store*'
    }
}

Scenario 'with WhatIf nothing is run or written' {
    Assert-Equal $null (Invoke-FlowStep (New-Chain) -Resume -WhatIf)
    Assert-Equal $null (Invoke-FlowStep (New-Chain) -RunId x -WhatIf)
    Assert-Equal 0 $log.Count
    Assert-Equal 0 @([IO.Directory]::GetFileSystemEntries((Get-ScenarioFolder))).Count
}

Scenario 'what is left on the disk of a run is its own folder and its summary' {
    $null = Invoke-FlowStep (New-Chain) -RunId one
    $root = Get-ScenarioFolder
    Assert-True ([IO.File]::Exists("$root/runs/chain/one/state.json"))
    Assert-True ([IO.File]::Exists("$root/run-index/chain/done/one.json"))
    Assert-True (-not [IO.File]::Exists("$root/runs/chain/one/lease.json"))
    Assert-Equal 'a, b, c' ([IO.File]::ReadAllText("$root/runs/chain/one/state.json") | ConvertTo-FlowState -Flow (New-Chain)).Tasks[2].Result
}

Scenario 'parameters are those that a run began with' {
    $flow = New-Flow param -Store (Get-ScenarioFolder) -Parameter @{ n = 0 } { task a { $FlowContext.Parameters.n }; task b { $FlowContext.Parameters.n } }
    $null = Invoke-FlowStep $flow -Resume -Parameter @{ n = 1 } -MaxTasks 1
    Assert-Equal @(1, 1) (Invoke-FlowStep $flow -Resume -Parameter @{ n = 2 }).Tasks.Result
    Assert-Equal @(2, 2) (Invoke-FlowStep $flow -Resume -Parameter @{ n = 2 }).Tasks.Result
}

Scenario 'every durability comes to the same end' {
    foreach ($durability in 'Task', 'Batch', 'Step') {
        foreach ($limit in 1, 3) {
            $log.Clear()
            $run = Invoke-FlowStep (New-Flow durable -Store (Get-ScenarioFolder) { task a { 'a' }; task b { 'b' }; task c { param($a, $b) "$a$b" } -InputFrom @{ a = 'a'; b = 'b' } }) `
                -RunId "$durability $limit" -Durability $durability -ThrottleLimit $limit
            Assert-Equal 'ab' $run.Tasks[2].Result
        }
    }
    Assert-Equal 6 @(Get-FlowRun -Store (Get-ScenarioFolder) -Name d*).Count
}

Scenario 'runs are found by flow, id, state and age, the newest first' {
    $folder = Get-ScenarioFolder
    $null = Invoke-FlowStep (New-Chain) -RunId one
    $null = Invoke-FlowStep (New-Chain) -RunId two -MaxTasks 1
    $null = Invoke-FlowStep (New-Flow bad -Store $folder { task a { throw 'no' } }) -RunId three
    Assert-Equal @('three', 'two', 'one') (Get-FlowRun -Store $folder).RunId
    Assert-Equal @('two', 'one') (New-Chain | Get-FlowRun).RunId
    Assert-Equal 'three' (Get-FlowRun -Store $folder -Name b*).RunId
    Assert-Equal @('two', 'one') (Get-FlowRun -Store $folder -RunId t*, one -Name chain).RunId
    Assert-Equal 'two' (Get-FlowRun -Store $folder -State Pending).RunId
    $two = Get-FlowRun (New-Chain) -RunId two
    Assert-Equal @(1, 3, 0) @($two.FinishedCount, $two.TaskCount, $two.FailedCount)
    Assert-Equal 0 @(Get-FlowRun -Store $folder -OlderThan 3600).Count
    Assert-Equal 3 @(Get-FlowRun -Store $folder -OlderThan 0).Count
    $null = Assert-Error FlowRunNotFound { Get-FlowRun -Store $folder -RunId four -ErrorAction Stop } -Like "*'four'*"
}

Scenario 'a run that was found can be gone on with' {
    $null = Invoke-FlowStep (New-Chain) -RunId one -MaxTasks 1
    $run = Get-FlowRun (New-Chain) -State Pending | Invoke-FlowStep -Flow (New-Chain)
    Assert-Equal @('one', 'Success') @($run.RunId, $run.State)
}

Scenario 'the history has every attempt, through all steps' {
    $flow = New-Flow patient -Store (Get-ScenarioFolder) {
        task a { if ($FlowContext.RunCount -lt 3) { throw "attempt $($FlowContext.RunCount)" }; 'well' } -MaxRetries 2
    }
    $null = Invoke-FlowStep $flow -RunId one -MaxTasks 1
    $null = Invoke-FlowStep $flow -RunId one
    $history = Get-FlowHistory $flow one
    Assert-Equal @('Running', 'Failed', 'Retrying', 'Running', 'Failed', 'Retrying', 'Running', 'Success') $history.To
    Assert-Equal @(1, 1, 1, 2, 2, 2, 2, 2) $history.Step
    Assert-Like '*attempt 1*' $history[1].Message
    Assert-Equal 'Task run succeeded.' $history[7].Message
    Assert-Equal 8 @(Get-FlowRun $flow | Get-FlowHistory -Task a).Count
    Assert-Equal 0 @(Get-FlowRun $flow | Get-FlowHistory -Task b).Count
    $null = Assert-Error FlowRunNotFound { Get-FlowHistory $flow two }
}

Scenario 'a run that is on record nowhere has the history that its states tell' {
    $run = New-Flow free { task a { 1 }; task m { param($n) $n } -Map @{ n = 'list' }; task list { 1, 2 } } | Invoke-Flow
    $history = $run | Get-FlowHistory -Task a
    Assert-Equal @('Running', 'Success') $history.To
    Assert-Equal $null $history[0].Step
    Assert-Equal @('Running', 'Success') ($run | Get-FlowHistory -Task 'm`[1`]').To
}

Scenario 'a run is removed with its results, but not with what is under targets' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow kept -Store $folder { task a { 1 }; task b { 2 } -Target 'b.json' }
    $null = Invoke-FlowStep $flow -RunId one
    $null = Invoke-FlowStep $flow -RunId two
    Get-FlowRun $flow -RunId one | Remove-FlowRun -WhatIf
    Assert-Equal 2 @(Get-FlowRun $flow).Count
    Get-FlowRun $flow -RunId one | Remove-FlowRun
    Assert-Equal 'two' (Get-FlowRun $flow).RunId
    Assert-True (-not [IO.Directory]::Exists("$folder/runs/kept/one")) 'its folder is gone'
    Assert-True ([IO.File]::Exists("$folder/b.json")) 'the target is kept'
    Remove-FlowRun -Flow $flow -OlderThan 3600
    Assert-Equal 1 @(Get-FlowRun $flow).Count
    Remove-FlowRun -Store $folder -State Success
    Assert-Equal 0 @(Get-FlowRun $flow).Count
}

Scenario 'a run that another step is working on is left alone' {
    $flow = New-Flow busy -Store (Get-ScenarioFolder) {
        task a {
            foreach ($call in { Invoke-FlowStep $flow -RunId one }, { Invoke-FlowStep $flow -Resume }) {
                $null = Assert-Error FlowStoreConflict $call -Like '*being worked on*'
            }
            $null = Assert-Error FlowStoreConflict { Get-FlowRun $flow | Remove-FlowRun -ErrorAction Stop } -Like '*being worked on*'
            'left alone'
        }
    }
    Assert-Equal 'left alone' (Invoke-FlowStep $flow -RunId one).Tasks[0].Result
}
