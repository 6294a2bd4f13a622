$flow = New-Flow pair {
    task one { 1 } -Tag first
    task two { param($n) $n + 1 } -InputFrom @{ n = 'one' } -Slug second
}

Scenario 'a run becomes one text of JSON' {
    $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
    Assert-True ($json -is [string]) 'it is a string'
    Assert-Like '{"version":1,"flow":{"name":"pair","fingerprint":"sha256:*' $json
    Assert-Like '*"tasks":[[]{"task":{"slug":"one"},"state":{"type":"Success","message":"Task run succeeded.","_result":{"type":"Result","value":1}}*' $json
    Assert-Like '*{"task":{"slug":"second","name":"two"},"state":{"type":"Cancelled","message":"Flow run is cancelled"}}]}' $json
}

Scenario 'the same run is written the same each time' {
    $run = Invoke-Flow $flow
    $json = ConvertFrom-FlowState $run
    Assert-Equal $json (ConvertFrom-FlowState $run)
    Assert-Equal $json ($json | ConvertTo-FlowState -Flow $flow | ConvertFrom-FlowState)
}

Scenario 'equal flows have equal fingerprints, others do not' {
    $same = { ConvertTo-FlowState (New-Flow same { task a { 1 } }) | ConvertFrom-FlowState }
    $fingerprint = { param($json) [regex]::Match($json, 'sha256:[0-9a-f]{64}').Value }
    Assert-Equal (& $fingerprint (& $same)) (& $fingerprint (& $same))
    $other = ConvertTo-FlowState (New-Flow same { task a { 2 } }) | ConvertFrom-FlowState
    Assert-True ((& $fingerprint $other) -ne (& $fingerprint (& $same))) 'another body makes another flow'
}

Scenario 'for Prefect the bare array is written, each state with its fields' {
    $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState -AsPrefect
    Assert-Like '[[]{"task":{"slug":"one"},"state":{"type":"Success","message":"Task run succeeded.","_result":{"type":"Result","location":null,"__version__":"1.4.1"},"context":{"tags":[[]"first"]*' $json
    Assert-Like '*"state":{"type":"Cancelled","message":"Flow run is cancelled","_result":{"type":"NoResultType","__version__":"1.4.1"},"context":{"tags":[[]]},"cached_inputs":{},"__version__":"1.4.1"}}]' $json
}

Scenario 'what is written for Prefect loses nothing here' {
    $before = Invoke-FlowStep $flow -MaxTasks 1
    $after = $before | ConvertFrom-FlowState -AsPrefect | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('Success', 'Cancelled') $after.Tasks.State
    Assert-Equal 1 $after.Tasks[0].Result
    Assert-Equal $before.Tasks[0].StartTime $after.Tasks[0].StartTime
    Assert-Equal 2 ($after | Invoke-FlowStep -ResetCancelled).Tasks[1].Result
}

Scenario 'every kind of result comes back as it was' {
    $moment = [datetime]::SpecifyKind([datetime]'2024-02-29T12:34:56.789', 'Utc')
    $values = @{
        text = "line 1`nline 2 $([char] 0xe9)"; empty = ''; number = 42; large = 9007199254740993; fraction = 0.1; whole = [double] 3
        yes = $true; money = 12.30d; time = $moment; span = [timespan]::FromMinutes(90); id = [guid]'7f4f0a1e-6f0e-4a53-9d5e-0c1a3a0f2b61'
        bytes = [byte[]] (0, 127, 255); version = [version] '1.2.3'; letter = [char] 'x'; infinite = [double]::PositiveInfinity
    }
    foreach ($name in $values.Keys) {
        $value = $values[$name]
        $one = New-Flow value { task give { , $value } }
        $result = (Invoke-Flow $one | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $one).Tasks[0].Result
        Assert-Equal $value.GetType().Name $result.GetType().Name -Because $name
        Assert-Equal $value $result -Because $name
    }
}

Scenario 'lists, records and tables come back with their parts' {
    $one = New-Flow values {
        task list { 1, 'two', $null, @(3, 4) }
        task record { [pscustomobject]@{ Name = 'n'; Inner = [pscustomobject]@{ Deep = 1 } } }
        task table { @{ a = 1; b = @{ c = 2 } } }
        task ordered { [ordered]@{ z = 1; a = 2 } }
    }
    $tasks = (Invoke-Flow $one | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $one).Tasks
    Assert-Equal @(1, 'two', $null, @(3, 4)) $tasks[0].Result
    Assert-Equal @('n', 1) @($tasks[1].Result.Name, $tasks[1].Result.Inner.Deep)
    Assert-True ($tasks[2].Result -is [hashtable]) 'a table comes back as a table'
    Assert-Equal 2 $tasks[2].Result.b.c
    Assert-Equal @('z', 'a') @($tasks[3].Result.Keys)
}

Scenario 'a failed task keeps its error' {
    $bad = New-Flow bad { task a { throw 'no luck' } }
    $before = Invoke-Flow $bad
    $after = $before | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $bad
    Assert-Equal 'Error during execution of task: no luck' $after.Tasks[0].Message
    foreach ($part in 'Message', 'Id', 'ExceptionType', 'ScriptName', 'Line', 'LineText', 'Stack') {
        Assert-Equal $before.Tasks[0].Error.$part $after.Tasks[0].Error.$part -Because $part
    }
}

Scenario 'several runs are several documents' {
    Assert-Equal 2 @((Invoke-Flow $flow), (Invoke-Flow $flow) | ConvertFrom-FlowState).Count
}
