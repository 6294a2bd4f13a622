Scenario 'a good flow is true' {
    $flow = New-Flow good { task a { }; task b { } -After a }
    Assert-Equal $true (Test-Flow $flow)
    Assert-Equal $true ($flow | Test-Flow)
}

Scenario 'an empty flow is true' {
    Assert-Equal $true (New-Flow empty | Test-Flow)
}

Scenario 'a cycle is false, with an error that names its tasks and no others' {
    $flow = New-Flow round
    Add-FlowTask $flow before { }
    Add-FlowTask $flow a { } -After before, b
    Add-FlowTask $flow b { } -After a
    Add-FlowTask $flow after { } -After b
    $faults = $null
    Assert-Equal $false (Test-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults)
    Assert-Like 'FlowCycle,*' $faults[0].FullyQualifiedErrorId
    Assert-Like '*: a -> b -> a.*' "$($faults[0])"
}

Scenario 'unknown tasks are false, with one error that names them all' {
    $flow = New-Flow lost
    Add-FlowTask $flow a { } -After x
    Add-FlowTask $flow b { } -After a, y
    $faults = $null
    Assert-Equal $false (Test-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults)
    Assert-Equal 1 @($faults).Count
    Assert-Like "*'a' waits for 'x'; task 'b' waits for 'y'*" "$($faults[0])"
}

Scenario 'a flow that was false is true once the missing task is there' {
    $flow = New-Flow mended
    Add-FlowTask $flow a { } -After b
    Assert-Equal $false (Test-Flow $flow -ErrorAction SilentlyContinue)
    Add-FlowTask $flow b { }
    Assert-Equal $true (Test-Flow $flow)
}

Scenario 'a flow that cannot run is refused by what would run it' {
    $flow = New-Flow lost
    Add-FlowTask $flow a { } -After nowhere
    $null = Assert-Error FlowTaskNotFound { Invoke-Flow $flow }
    $null = Assert-Error FlowTaskNotFound { Invoke-FlowStep $flow }
    $null = Assert-Error FlowTaskNotFound { ConvertTo-FlowState -Flow $flow }
}

Scenario 'several flows are told of one by one' {
    $bad = New-Flow bad
    Add-FlowTask $bad a { } -After a
    Assert-Equal @($true, $false) @((New-Flow good), $bad | Test-Flow -ErrorAction SilentlyContinue)
}
