function Sort-Value {
    # Sort-Object is not everywhere.
    $values = [double[]] @($input)
    [array]::Sort($values)
    $values
}

Scenario 'the result of a task is what it returned' {
    $run = New-Flow results { task one { 42 }; task list { , @(7) }; task empty { , @() }; task none { }; task table { @{ a = 1 } } } | Invoke-Flow
    Assert-Equal 42 (Get-FlowResult $run one)
    Assert-Equal 42 ($run | Get-FlowResult ONE)
    $list = Get-FlowResult $run list
    Assert-True ($list -is [array] -and $list.Count -eq 1) 'a list of one is a list'
    $empty = Get-FlowResult $run empty
    Assert-True ($empty -is [array] -and $empty.Count -eq 0) 'an empty list is one'
    Assert-Equal 0 @(Get-FlowResult $run none).Count
    Assert-Equal 3 @(Get-FlowResult $run one, list, table).Count
    Assert-Equal 3 @(Get-FlowResult $run *e*).Count -Because 'wildcards: one, empty, table'
    Assert-Equal 4 @($run | Get-FlowResult).Count
}

Scenario 'tasks with their states give their results' {
    $run = New-Flow results { task a { 1 } -Tag x; task b { 2 } -Tag x; task c { 3 } } | Invoke-Flow
    Assert-Equal @(1, 2) @($run | Get-FlowTask -Tag x | Get-FlowResult)
    Assert-Equal @(2) @($run.Tasks | Get-FlowResult b)
    $table = $run.Tasks | Get-FlowResult -AsHashtable
    Assert-Equal @('a', 'b', 'c') $table.Keys
    Assert-Equal @(1, 2, 3) $table.Values
}

Scenario 'a run that was read from a document has its results, in the store and in the document' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow results -Store $folder { task a { 1.5 }; task b { 'inline' } -NoCheckpoint; task c { 'form' } -Target 'c.dat' -Serializer Clixml } }
    $run = & $define | Invoke-Flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define)
    Assert-Equal @(1.5, 'inline', 'form') @(Get-FlowResult $run)
}

Scenario 'children and tasks of subflows have results of their own' {
    $inner = New-Flow inner { task x { 'deep' } }
    $run = New-Flow outer { task list { 'p', 'q' }; task m { param($i) "<$i>" } -Map @{ i = 'list' }; task sub -Subflow $inner } | Invoke-Flow
    Assert-Equal '<q>' (Get-FlowResult $run 'm[1]')
    Assert-Equal @('<p>', '<q>') (Get-FlowResult $run m)
    Assert-Equal 'deep' (Get-FlowResult $run sub/x)
}

Scenario 'a location is enough to read a result' {
    $folder = Get-ScenarioFolder
    $run = New-Flow results -Store $folder { task a { @{ n = 1 } }; task b { 'text' } -Target 'b.txt'; task c { 2.5 } -Target 'c.dat' -Serializer Clixml } | Invoke-Flow
    Assert-Equal 1 (Get-FlowResult -Store $folder -Location $run.Tasks[0].ResultLocation).n
    Assert-Equal 'text' (Get-FlowResult -Store $folder -Location b.txt)
    Assert-Equal 2.5 (Get-FlowResult -Store $folder -Location c.dat -Serializer Clixml)
    Assert-Equal @('text') @($run.Tasks[1] | Get-FlowResult -Store $folder)
}

Scenario 'what cannot be had is an error that names it, and the others are found' {
    $folder = Get-ScenarioFolder
    $run = New-Flow results -Store $folder { task a { 1 }; task b { 2 }; task secret { 's' } -Sensitive } | Invoke-Flow
    $null = Assert-Error FlowTaskNotFound { Get-FlowResult $run nonsense } -Like '*nonsense*'
    $null = Assert-Error FlowStateInvalid { 5 | Get-FlowResult } -Like "*'5' has no results*"
    $null = Assert-Error FlowStoreFailed { Get-FlowResult -Store $folder -Location none.json } -Like '*none.json*gone*'
    $null = Assert-Error FlowTargetInvalid { Get-FlowResult -Store $folder -Location ../out.json } -Like '*../out.json*'
    $read = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (New-Flow results -Store $folder { task a { 1 }; task b { 2 }; task secret { 's' } -Sensitive })
    [IO.File]::Delete("$folder/$($run.Tasks[0].ResultLocation)")
    $faults = $null
    Assert-Equal @(2) @(Get-FlowResult $read -ErrorAction SilentlyContinue -ErrorVariable faults)
    Assert-Equal 2 $faults.Count
    Assert-Like '*a.json*gone*' $faults[0].Exception.Message
    Assert-Like '*secret*' $faults[1].Exception.Message
}

Scenario 'a run on record has its results, without its flow' {
    $folder = Get-ScenarioFolder
    $run = New-Flow recorded -Store $folder {
        task a { 1.5 } -Slug first
        task inline { 'inline' } -NoCheckpoint
        task form { 'form' } -Target 'c.dat' -Serializer Clixml
        task list { 'p', 'q' }
        task m { param($i) "<$i>" } -Map @{ i = 'list' }
        task fails { throw 'no' }
    } | Invoke-Flow
    $null = New-Flow other -Store $folder { task a { 2 } } | Invoke-Flow
    Assert-Equal 1.5 (Get-FlowResult -Store $folder -RunId $run.RunId -Task a)
    Assert-Equal 1.5 (Get-FlowResult -Store $folder -RunId $run.RunId -Flow recorded -Task first)
    Assert-Equal @('inline', 'form') @(Get-FlowResult -Store $folder -RunId $run.RunId -Task inline, form)
    Assert-Equal '<q>' (Get-FlowResult -Store $folder -RunId $run.RunId -Task 'm[1]')
    Assert-Equal @('first', 'inline', 'form', 'list', 'm') (Get-FlowResult -Store $folder -RunId $run.RunId -AsHashtable).Keys
    Assert-Equal @(1.5, 2) @(Get-FlowRun -Store $folder | Get-FlowResult a | ForEach-Object { $_ } | Sort-Value)
    $null = Assert-Error FlowRunNotFound { Get-FlowResult -Store $folder -RunId nonsense } -Like '*nonsense*'
    $null = Assert-Error FlowTaskNotFound { Get-FlowResult -Store $folder -RunId $run.RunId -Task nonsense } -Like '*nonsense*'
}

Scenario 'between two steps a run on record has the results there are' {
    $folder = Get-ScenarioFolder
    $run = New-Flow recorded -Store $folder { task a { 1 }; task b { 2 } } | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    Assert-Equal @(1) @(Get-FlowResult -Store $folder -RunId $run.RunId)
}
