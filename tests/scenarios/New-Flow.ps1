Scenario 'a flow has its name and no tasks at first' {
    $flow = New-Flow 'this is my first flow'
    Assert-Equal 'this is my first flow' $flow.Name
    Assert-Equal 0 $flow.Tasks.Count
}

Scenario 'a definition block adds tasks with the short names' {
    $flow = flow nightly {
        task extract { 1 }
        task load { 2 } -After extract
    }
    Assert-Equal @('extract', 'load') $flow.Tasks.Name
    Assert-Equal @('extract') @($flow.Tasks[1].Upstream)
}

Scenario 'a definition block sees the variables around it' {
    $names = 'a', 'b', 'c'
    $flow = New-Flow looped { foreach ($name in $names) { task $name { } } }
    Assert-Equal @('a', 'b', 'c') $flow.Tasks.Name
}

Scenario 'definitions may nest, and each task goes to the flow it stands in' {
    $inner = @{}
    $outer = New-Flow outer {
        task first { }
        $inner.Flow = New-Flow inner { task nested { } }
        task second { }
    }
    Assert-Equal @('first', 'second') $outer.Tasks.Name
    Assert-Equal 'nested' $inner.Flow.Tasks.Name
}

Scenario 'a definition block may add to a flow of its own choice' {
    $other = New-Flow other
    $flow = New-Flow main { task here { }; $other | Add-FlowTask there { } }
    Assert-Equal 'here' $flow.Tasks.Name
    Assert-Equal 'there' $other.Tasks.Name
}

Scenario 'an error in the definition block is the error of New-Flow' {
    $null = Assert-Error FlowTaskExists { New-Flow twice { task a { }; task a { } } } -Like "*'twice' has a task 'a' already*"
}

Scenario 'a thrown definition leaves no flow being defined' {
    $null = Assert-Error 'broken' { New-Flow broken { throw 'broken' } }
    $null = Assert-Error FlowRequired { Add-FlowTask homeless { } }
}

Scenario 'a cycle in a definition is said where it is defined, with the names' {
    $caught = Assert-Error FlowCycle { New-Flow round { task a { } -After c; task b { } -After a; task c { } -After b } } -Like '*a -> b -> c -> a*'
    Assert-Equal 'InvalidOperation' $caught.CategoryInfo.Category
    Assert-Equal 'round' $caught.TargetObject.Name
}

Scenario 'an unknown upstream task is said with both names' {
    $null = Assert-Error FlowTaskNotFound { New-Flow lost { task a { } -After nowhere } } -Like "*'a' waits for 'nowhere'*"
}

Scenario 'a folder is a store, relative ones from the current location' {
    $location = $ExecutionContext.SessionState.Path
    $location.PushCurrentLocation('scenario')
    $null = $location.SetLocation((Get-ScenarioFolder))
    try { $flow = New-Flow kept -Store ./out }
    finally { $null = $location.PopLocation('scenario') }
    Assert-Equal ([IO.Path]::Combine((Get-ScenarioFolder), 'out')) $flow.StoreName
}

Scenario 'a file address is a store, too' {
    $folder = Get-ScenarioFolder
    Assert-Equal $folder (New-Flow kept -Store ([uri]::new($folder)).AbsoluteUri).StoreName
}

Scenario 'a store of an unknown kind is an error that names the kind' {
    $null = Assert-Error FlowInvalid { New-Flow far -Store 'ftp://server/share' } -Like "*'ftp://server/share'*'ftp'*"
}

Scenario 'a store that is not in the file system is an error' {
    $null = Assert-Error FlowInvalid { New-Flow odd -Store 'Env:PATH' } -Like '*not a folder*'
}

Scenario 'a target needs a store' {
    $null = Assert-Error FlowTargetInvalid { New-Flow aimless -Target '{task_name}.json' } -Like '*New-Flow -Store*'
}

Scenario 'output of the definition block is told of in the verbose stream only' {
    $all = @(New-Flow chatty { 'stray'; task a { } } -Verbose 4>&1)
    Assert-Equal 2 $all.Count
    Assert-Like '*stray*' $all[0].Message
    Assert-Equal 'chatty' $all[1].Name
}

Scenario 'an empty name is refused' {
    $null = Assert-Error ParameterArgumentValidationError { New-Flow '' }
}
