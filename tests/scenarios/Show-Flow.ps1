$flow = New-Flow nightly {
    task list { 'A', 'B', 'C' } -Tag load
    task rates { 1.1 } -Tag load
    task load { param($file) if ($file -eq 'B') { throw 'no B today' }; $file } -Map @{ file = 'list' }
    task mail { 'sent' } -After load, rates
    task archive { 'kept' } -After load
}

function New-Wide([int] $Count) {
    $wide = New-Flow wide { task begin { } }
    for ($i = 0; $i -lt $Count; $i++) { Add-FlowTask $wide "part$i" { } -After begin }
    $wide
}

Scenario 'a flow is a tree of its tasks' {
    Assert-Equal @(
        'nightly'
        'list'
        'v load <map>'
        '|- mail (and after rates)'
        '`- archive'
        'rates'
    ) ($flow | Show-Flow -Ascii).Text
}

Scenario 'a run shows states and messages, and the children of mapped tasks' {
    $rows = Invoke-Flow $flow | Show-Flow -Ascii
    Assert-Equal 'Failed' $rows[0].State
    Assert-Equal 'Some reference tasks failed.' $rows[0].Message
    Assert-Equal @(':  load[0]', ':  load[1]', ':  load[2]') $rows[3..5].Text
    Assert-Equal @('Success', 'Failed', 'Success') $rows[3..5].State
    Assert-Like '*no B today' $rows[4].Message
}

Scenario 'only what is asked for is shown' {
    $run = Invoke-Flow $flow
    Assert-Equal @('nightly', 'load <map>', ':  load[1]', '|- mail', '`- archive') ($run | Show-Flow -State Failed, TriggerFailed -Ascii).Text
    Assert-Equal @('nightly', 'list', 'rates') (Show-Flow $flow -Tag load).Text
    Assert-Equal @('nightly', 'list', 'v mail (and after rates)', 'rates') (Show-Flow $flow list, rates, MAIL -Ascii).Text
}

Scenario 'what comes next keeps its depth, what branches off is a step in' {
    $long = New-Flow long {
        task a { }
        task b { } -After a
        task side { } -After b
        task c { } -After b
        task d { } -After c
    }
    Assert-Equal @('long', 'a', 'v b', '|- side', 'v c', 'v d') ($long | Show-Flow -Ascii).Text
    Assert-Equal @('long', 'a', 'v b +1', 'v c', 'v d') ($long | Show-Flow -Ascii -Depth 0).Text
}

Scenario 'a thousand tasks that are alike are one line' {
    $wide = New-Wide 1000
    $rows = $wide | Show-Flow -Ascii
    Assert-Equal @('wide', 'begin', '`- part0 ... part999 (1000)') $rows.Text
    Assert-Equal 1000 $rows[2].Slugs.Count
    Assert-Equal 1002 @($wide | Show-Flow -All).Count
    Assert-Equal @('wide', 'part7') ($wide | Show-Flow -Task part7).Text
    $run = $wide | Invoke-FlowStep -MaxTasks 11
    Assert-Equal @('Cancelled', 'Success', 'Success', 'Cancelled') ($run | Show-Flow).State
    Assert-Equal '`- part10 ... part999 (990)' ($run | Show-Flow -Ascii).Text[3]
}

Scenario 'a flow inside a task is shown in it, and alone' {
    $inner = New-Flow inner { task first { 1 }; task second { 2 } -After first }
    $outer = New-Flow outer { task before { 0 }; task whole -Subflow $inner -After before }
    Assert-Equal @('outer', 'before', 'v whole', ':  first', ':  v second') ($outer | Show-Flow -Ascii).Text
    Assert-Equal @('inner', 'first', 'v second') (Invoke-Flow $outer | Get-FlowTask whole | Show-Flow -Ascii).Text
    Assert-Equal @('outer', 'whole', ':  second') ($outer | Show-Flow -Task whole/second -Ascii).Text
}

Scenario 'a run on record is shown and drawn as Get-FlowRun gets it, without its flow as an outline' {
    $folder = Get-ScenarioFolder
    $stored = New-Flow stored -Store $folder { task a { 1 }; task b { throw 'no' } -After a }
    $null = Invoke-Flow $stored
    $rows = Get-FlowRun $stored | Show-Flow -Ascii
    Assert-Equal @('stored', 'a', 'v b') $rows.Text
    Assert-Equal @('Failed', 'Success', 'Failed') $rows.State
    Assert-Like '*t1 --> t2*' ((Get-FlowRun $stored | Export-FlowDiagram) -join ' ')
    $outline = Get-FlowRun -Store $folder | Show-Flow -Ascii -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal @('stored', 'a', 'b') $outline.Text
    Assert-Equal @('Failed', 'Success', 'Failed') $outline.State
    Assert-Like "Which task of run '*' waits for which is not known without its flow: *" $warnings[0]
}

Scenario 'a name that the flow does not have is an error, and so are states of a flow' {
    $faults = $null
    $null = $flow | Show-Flow -Task nowhere -ErrorAction SilentlyContinue -ErrorVariable faults
    Assert-Like 'FlowTaskNotFound,*' $faults[0].FullyQualifiedErrorId
    Assert-Error FlowInvalid { $flow | Show-Flow -State Failed }
    Assert-Error FlowRequired { 42 | Show-Flow }
}
