Scenario 'the flow comes first' {
    $flow = New-Flow styles
    Add-FlowTask $flow one { 1 }
    Assert-Equal 'one' $flow.Tasks.Name
}

Scenario 'the flow comes down the pipeline' {
    $flow = New-Flow styles
    $flow | Add-FlowTask one { 1 }
    $flow | Add-FlowTask two { 2 } -After one
    Assert-Equal @('one', 'two') $flow.Tasks.Name
}

Scenario 'the flow is the one being defined' {
    Assert-Equal 'one' (New-Flow styles { task one { 1 } }).Tasks.Name
}

Scenario 'parameters may be named in any order' {
    $flow = New-Flow styles
    Add-FlowTask -ScriptBlock { 1 } -Name one -Flow $flow
    Assert-Equal 'one' $flow.Tasks.Name
}

Scenario 'without a flow there is an error that says how to give one' {
    $null = Assert-Error FlowRequired { Add-FlowTask alone { } } -Like '*Add-FlowTask $flow alone*'
}

Scenario 'nothing is put out unless asked for' {
    $flow = New-Flow quiet
    Assert-Equal $null (Add-FlowTask $flow one { })
    Assert-Equal 'two' (Add-FlowTask $flow two { } -PassThru).Name
}

Scenario 'tasks may be defined before those they wait for' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow backwards {
        task last { $log.Add('last') } -After first
        task first { $log.Add('first') }
    }
    Assert-Equal 'Success' (Invoke-Flow $flow).State
    Assert-Equal @('first', 'last') $log
}

Scenario 'among ready tasks the one defined first runs first' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow fair {
        task z { $log.Add('z') }
        task m { $log.Add('m') } -After a
        task a { $log.Add('a') }
        task b { $log.Add('b') }
    }
    $null = Invoke-Flow $flow
    Assert-Equal @('z', 'a', 'm', 'b') $log
}

Scenario 'the slug is the name unless another is given' {
    $flow = New-Flow slugs { task plain { }; task 'Load the data' { } -Slug load }
    Assert-Equal @('plain', 'load') $flow.Tasks.Slug
}

Scenario 'upstream tasks are found by name or slug, whatever the case' {
    $flow = New-Flow names { task 'Load the data' { } -Slug load; task a { } -After LOAD; task b { } -After 'load the data' }
    Assert-Equal $true (Test-Flow $flow)
}

Scenario 'a name is unique in its flow, whatever its case' {
    $flow = New-Flow unique { task one { } }
    $caught = Assert-Error FlowTaskExists { Add-FlowTask $flow ONE { } }
    Assert-Equal 'ResourceExists' $caught.CategoryInfo.Category
}

Scenario 'a slug is unique among names, too' {
    $flow = New-Flow unique { task one { } }
    $null = Assert-Error FlowTaskExists { Add-FlowTask $flow two { } -Slug one } -Like "*'one'*"
}

Scenario 'a refused task leaves the flow as it was' {
    $flow = New-Flow same { task one { } }
    $null = Assert-Error FlowTaskExists { Add-FlowTask $flow one { } }
    Add-FlowTask $flow two { }
    Assert-Equal @('one', 'two') $flow.Tasks.Name
}

Scenario 'a parameter that the block does not have is refused, with those it has' {
    $null = Assert-Error FlowTaskInvalid { New-Flow bind { task a { }; task b { param($x, $y) } -InputFrom @{ z = 'a' } } } -Like "*no parameter 'z'*x, y*"
    $null = Assert-Error FlowTaskInvalid { New-Flow bind { task b { } -Argument @{ n = 1 } } } -Like "*no parameter 'n'*param(*"
}

Scenario 'a parameter cannot take both an input and an argument' {
    $null = Assert-Error FlowTaskInvalid { New-Flow bind { task a { }; task b { param($x) } -InputFrom @{ x = 'a' } -Argument @{ x = 1 } } } -Like "*'x'*"
}

Scenario 'an input must name a task' {
    $null = Assert-Error FlowTaskInvalid { New-Flow bind { task b { param($x) } -InputFrom @{ x = $null } } } -Like "*'x'*"
}

Scenario 'an input from an unknown task is found when the flow is defined' {
    $null = Assert-Error FlowTaskNotFound { New-Flow bind { task b { param($x) } -InputFrom @{ x = 'nowhere' } } } -Like "*'nowhere'*"
}

Scenario 'an input may be given as a task object' {
    $flow = New-Flow objects
    $source = Add-FlowTask $flow source { 20 } -PassThru
    Add-FlowTask $flow double { param($n) $n * 2 } -InputFrom @{ n = $source }
    Assert-Equal 40 (Invoke-Flow $flow).Tasks[1].Result
}

Scenario 'upstream tasks may be given as task objects' {
    $flow = New-Flow objects
    $first = Add-FlowTask $flow first { } -PassThru
    Add-FlowTask $flow second { } -After $first
    Assert-Equal @('first') @($flow.Tasks[1].Upstream)
}

Scenario 'tags are kept, each once' {
    $flow = New-Flow tagged { task a { } -Tag nightly, etl, ETL }
    Assert-Equal @('etl', 'nightly') $flow.Tasks[0].Tags
}

Scenario 'a flow that has run takes no more tasks' {
    $flow = New-Flow done { task a { } }
    $null = Invoke-Flow $flow
    $null = Assert-Error FlowFrozen { Add-FlowTask $flow b { } } -Like '*New-Flow*'
}

Scenario 'a task cannot wait for itself' {
    $null = Assert-Error FlowCycle { New-Flow selfish { task a { } -After a } } -Like '*a -> a*'
}

Scenario 'an expected duration is seconds, or a time' {
    $flow = New-Flow durations
    Assert-Equal ([timespan]::FromSeconds(90)) (Add-FlowTask $flow seconds { } -ExpectedDuration 90 -PassThru).ExpectedDuration
    Assert-Equal ([timespan]::FromSeconds(1.5)) (Add-FlowTask $flow text { } -ExpectedDuration '1.5' -PassThru).ExpectedDuration
    Assert-Equal ([timespan]::FromMinutes(8)) (Add-FlowTask $flow time { } -ExpectedDuration 00:08:00 -PassThru).ExpectedDuration
}

Scenario 'an expected duration is more than nothing' {
    $null = Assert-Error ParameterArgumentValidationError { New-Flow durations { task a { } -ExpectedDuration 0 } } -Like '*not more than zero*'
}

Scenario 'a target needs a store that it can be in' {
    $null = Assert-Error FlowTargetInvalid { New-Flow aimless { task a { } -Target 'a.json' } } -Like "*task 'a'*"
}
