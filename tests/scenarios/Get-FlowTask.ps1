$flow = New-Flow many {
    task extract-orders { } -Tag etl, orders
    task extract-stock { } -Tag etl
    task 'Write the report' { } -Slug report -Tag output -After extract-orders, extract-stock
}

Scenario 'all tasks come in definition order' {
    Assert-Equal @('extract-orders', 'extract-stock', 'report') (Get-FlowTask $flow).Slug
    Assert-Equal @('extract-orders', 'extract-stock', 'report') ($flow | Get-FlowTask).Slug
}

Scenario 'tasks are found by name, by slug and with wildcards' {
    Assert-Equal 'report' (Get-FlowTask $flow 'write the report').Slug
    Assert-Equal 'report' (Get-FlowTask $flow REPORT).Slug
    Assert-Equal @('extract-orders', 'extract-stock') (Get-FlowTask $flow extract-*).Slug
}

Scenario 'tasks are found by tag' {
    Assert-Equal @('extract-orders', 'extract-stock') (Get-FlowTask $flow -Tag etl).Slug
    Assert-Equal @('extract-orders', 'report') (Get-FlowTask $flow -Tag out*, orders).Slug
    Assert-Equal 'extract-orders' (Get-FlowTask $flow extract-* -Tag orders).Slug
}

Scenario 'a name that the flow does not have is an error, and the others still come' {
    $faults = $null
    $found = Get-FlowTask $flow report, nowhere -ErrorAction SilentlyContinue -ErrorVariable faults
    Assert-Equal 'report' $found.Slug
    Assert-Like 'FlowTaskNotFound,*' $faults[0].FullyQualifiedErrorId
    Assert-Equal 'nowhere' $faults[0].TargetObject
}

Scenario 'a pattern that fits nothing finds nothing' {
    Assert-Equal 0 @(Get-FlowTask $flow x*).Count
}

Scenario 'tasks of a run come with their states' {
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal @('Success', 'Cancelled', 'Cancelled') ($run | Get-FlowTask).State
    Assert-Equal 'Success' (Get-FlowTask $run extract-orders).State
}

Scenario 'tasks of a run are found by state' {
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal @('extract-stock', 'report') ($run | Get-FlowTask -State Cancelled).Slug
    Assert-Equal 'extract-stock' ($run | Get-FlowTask extract-* -State Cancelled, Failed).Slug
    Assert-Equal 3 @($run | Get-FlowTask -State Success, Cancelled).Count
}

Scenario 'states compare with their names' {
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal 2 @($run.Tasks | Where-Object State -eq Cancelled).Count
    Assert-True ($run.Tasks[0].State -eq 'Success') 'a state equals its name'
}

Scenario 'names follow the flow or the run, wherever that comes from' {
    $run = Invoke-FlowStep $flow -MaxTasks 1
    Assert-Equal 'report' (Get-FlowTask $flow report).Slug
    Assert-Equal 'report' ($flow | Get-FlowTask report).Slug
    Assert-Equal 'Cancelled' (Get-FlowTask $run report).State
    Assert-Equal 'Cancelled' ($run | Get-FlowTask report).State
    Assert-Equal 'report' (Get-FlowTask $run rep* -State Cancelled).Slug
    Assert-Equal 'report' (Get-FlowTask -FlowState $run -Name report).Slug
    Assert-Equal 'report' (Get-FlowTask -Flow $flow -Name report).Slug
    Assert-Equal 'report' ($run | Get-FlowTask rep* -State Cancelled).Slug
}

Scenario 'a flow has no states to choose tasks by' {
    $null = Assert-Error FlowInvalid { $flow | Get-FlowTask -State Success } -Like '*no states*'
}

Scenario 'what has no tasks is refused' {
    $null = Assert-Error FlowRequired { 'a text' | Get-FlowTask } -Like "*'a text'*"
}
