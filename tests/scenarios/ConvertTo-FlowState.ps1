$flow = New-Flow pair {
    task one { 1 }
    task two { param($n) $n + 1 } -InputFrom @{ n = 'one' } -Slug second
}

function Get-Warning([object] $Document) {
    # The warnings as text; the run goes to $script:run.
    $script:run = $Document | ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
    , @($warnings | ForEach-Object { "$_" })
}

Scenario 'nothing is a new run' {
    foreach ($nothing in $null, '', "  `n ", @()) {
        $run = $nothing | ConvertTo-FlowState -Flow $flow
        Assert-Equal @('Pending', 'Pending') $run.Tasks.State
        Assert-Equal 0 $run.Step
        Assert-Equal $true $run.HasPending
    }
}

Scenario 'the flow alone is a new run, too' {
    Assert-Equal 'Pending' (ConvertTo-FlowState $flow).State
    Assert-Equal 'Pending' (ConvertTo-FlowState $flow '').State
}

Scenario 'a document is read as it was written' {
    $before = Invoke-FlowStep $flow -MaxTasks 1
    $after = $before | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('Success', 'Cancelled') $after.Tasks.State
    Assert-Equal $before.Tasks.Message $after.Tasks.Message
    Assert-Equal 1 $after.Tasks[0].Result
    Assert-Equal @($before.RunId, 1) @($after.RunId, $after.Step)
    Assert-Equal $before.Started $after.Started
}

Scenario 'lines of a document are one document' {
    $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
    $lines = $json.Replace('"tasks":[', "`"tasks`":`n[") -split "`n"
    Assert-Equal 2 $lines.Count
    Assert-Equal @('Success', 'Cancelled') ($lines | ConvertTo-FlowState -Flow $flow).Tasks.State
}

Scenario 'bytes are read, with a byte order mark or without, whole or one by one' {
    $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
    $utf8 = [Text.Encoding]::UTF8
    $bytes = $utf8.GetBytes($json)
    $marked = [byte[]] ($utf8.GetPreamble() + $bytes)
    Assert-Equal 'Success' (ConvertTo-FlowState $flow $bytes).Tasks[0].State
    Assert-Equal 'Success' (ConvertTo-FlowState $flow $marked).Tasks[0].State
    Assert-Equal 'Success' (, $bytes | ConvertTo-FlowState $flow).Tasks[0].State
    Assert-Equal 'Success' ($bytes | ConvertTo-FlowState $flow).Tasks[0].State
}

Scenario 'the bare array of pairs is read' {
    $json = '[{"task":{"slug":"one"},"state":{"type":"Success","message":"done"}},{"task":{"slug":"second"},"state":{"type":"Pending","message":"Mocked pending"}}]'
    $run = $json | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('Success', 'Pending') $run.Tasks.State
    Assert-Equal @('done', 'Mocked pending') $run.Tasks.Message
}

Scenario 'short pairs of slug, type and message are read' {
    $run = '[{"slug":"one","type":"Success","message":"done"},{"slug":"second","type":"Cancelled"}]' | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('Success', 'Cancelled') $run.Tasks.State
    Assert-Equal @('done', $null) $run.Tasks.Message
}

Scenario 'objects made of JSON are read, in an array or one by one' {
    $pairs = @(
        [pscustomobject]@{ task = [pscustomobject]@{ slug = 'one' }; state = [pscustomobject]@{ type = 'Success'; message = 'done' } }
        [pscustomobject]@{ task = @{ slug = 'second' }; state = @{ type = 'Pending'; message = $null } }
    )
    Assert-Equal @('Success', 'Pending') ($pairs | ConvertTo-FlowState -Flow $flow).Tasks.State
    Assert-Equal @('Success', 'Pending') (, $pairs | ConvertTo-FlowState -Flow $flow).Tasks.State
    Assert-Equal @('Success', 'Pending') ($pairs[0] | ConvertTo-FlowState -Flow $flow).Tasks.State
}

Scenario 'a whole document is read from objects' {
    $document = [pscustomobject]@{
        version = 1
        flow    = [pscustomobject]@{ name = 'pair' }
        run     = [pscustomobject]@{ id = 'r1'; step = 2; started = [datetime]::UtcNow }
        tasks   = @([pscustomobject]@{ task = [pscustomobject]@{ slug = 'one' }; state = [pscustomobject]@{ type = 'Success' } })
    }
    $run = $document | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('r1', 2) @($run.RunId, $run.Step)
    Assert-Equal @('Success', 'Pending') $run.Tasks.State
}

Scenario 'a task that the document leaves out is Pending' {
    Assert-Equal @('Pending', 'Success') ('[{"slug":"second","type":"Success"}]' | ConvertTo-FlowState -Flow $flow).Tasks.State
}

Scenario 'an unknown slug is warned of by its name' {
    $warnings = Get-Warning '[{"slug":"gone","type":"Success"},{"slug":"one","type":"Success"}]'
    Assert-Equal 1 $warnings.Count
    Assert-Like "Task 'gone'*flow 'pair'*Success*left out*" $warnings[0]
    Assert-Equal @('Success', 'Pending') $run.Tasks.State
}

Scenario 'a slug that comes twice is warned of, and finished work is kept' {
    foreach ($json in '[{"slug":"one","type":"Success"},{"slug":"one","type":"Pending"}]', '[{"slug":"one","type":"Pending"},{"slug":"one","type":"Success"}]') {
        $warnings = Get-Warning $json
        Assert-Equal 1 $warnings.Count
        Assert-Like "Task 'one'*more than once*Success is taken*" $warnings[0]
        Assert-Equal 'Success' $run.Tasks[0].State
    }
}

Scenario 'a null slug without a name is warned of by its position' {
    $warnings = Get-Warning '[{"slug":"one","type":"Success"},{"task":{"slug":null},"state":{"type":"Success"}}]'
    Assert-Equal 1 $warnings.Count
    Assert-Like '*position 1*neither slug nor name*' $warnings[0]
}

Scenario 'a null slug with a name is found by the name' {
    $warnings = Get-Warning '[{"task":{"slug":null,"name":"two"},"state":{"type":"Success"}}]'
    Assert-Equal 0 $warnings.Count
    Assert-Equal @('Pending', 'Success') $run.Tasks.State
}

Scenario 'a slug that Prefect made is overlooked where the name fits' {
    $warnings = Get-Warning '[{"task":{"slug":"two-1","name":"two"},"state":{"type":"Success"}}]'
    Assert-Equal 0 $warnings.Count
    Assert-Equal @('Pending', 'Success') $run.Tasks.State
}

Scenario 'the document of another flow is warned of' {
    $json = New-Flow stranger { task one { } } | Invoke-Flow | ConvertFrom-FlowState
    $warnings = Get-Warning $json
    Assert-Like "*'stranger'*'pair'*" $warnings[0]
}

Scenario 'task states are gathered into a run again' {
    $before = Invoke-FlowStep $flow -MaxTasks 1
    $after = $before.Tasks | ConvertTo-FlowState
    Assert-Equal @($before.RunId, $before.Step) @($after.RunId, $after.Step)
    Assert-Equal @('Success', 'Cancelled') $after.Tasks.State
    Assert-Equal 1 $after.Tasks[0].Result
}

Scenario 'task states of two runs are refused' {
    $mixed = @((Invoke-Flow $flow).Tasks) + @((Invoke-Flow $flow).Tasks)
    $null = Assert-Error FlowStateInvalid { $mixed | ConvertTo-FlowState } -Like '*different flows or runs*'
}

Scenario 'mixed input is refused' {
    $null = Assert-Error FlowStateInvalid { '[]', [byte[]] (91, 93) | ConvertTo-FlowState -Flow $flow } -Like '*text and bytes*'
}

Scenario 'a document without its flow is an error that says how to give it' {
    $null = Assert-Error FlowRequired { '[]' | ConvertTo-FlowState } -Like '*-Flow $flow*'
}

Scenario 'what is not JSON is one error with its place' {
    $caught = Assert-Error FlowStateInvalid { "[{`"slug`":`n  oops }]" | ConvertTo-FlowState -Flow $flow } -Like '*$[[]0].slug (line 2, byte 3)*not JSON*'
    Assert-Equal 'InvalidData' $caught.CategoryInfo.Category
}

Scenario 'a document that was cut off is one error with its place' {
    $json = Invoke-Flow $flow | ConvertFrom-FlowState
    foreach ($length in 1, 20, 200, ($json.Length - 1)) {
        $null = Assert-Error FlowStateInvalid { $json.Substring(0, $length) | ConvertTo-FlowState -Flow $flow } -Like '*(line 1, byte *'
    }
}

Scenario 'each wrong shape is one error that says where and what was expected' {
    $cases = @(
        @{ Json = '7'; Like = '*at $ (line 1, byte 1) a state document (an object or an array) was expected, not a number.' }
        @{ Json = '[7]'; Like = '*at $[[]0] *an object with a task and its state was expected, not a number.' }
        @{ Json = '[{"slug":7,"type":"Success"}]'; Like = '*at $[[]0].slug *a string was expected, not a number.' }
        @{ Json = '[{"slug":"one","type":"Sucess"}]'; Like = "*at `$[[]0].type *'Sucess' is not a state type; the types are Pending, *" }
        @{ Json = '[{"slug":"one"}]'; Like = '*at $[[]0] *the task has no state.' }
        @{ Json = '[{"task":{"slug":"one"},"state":{"message":"m"}}]'; Like = '*at $[[]0].state *the state has no type.' }
        @{ Json = '{"version":2,"tasks":[]}'; Like = '*at $.version *the version is 2; this PrefectPS reads version 1.' }
        @{ Json = '{"version":1}'; Like = "*the document has no 'tasks'." }
        @{ Json = '{"version":1,"tasks":{}}'; Like = '*at $.tasks *an array of tasks was expected, not an object.' }
        @{ Json = '{"version":1,"run":{"step":-1},"tasks":[]}'; Like = '*at $.run.step *an integer from 0*' }
        @{ Json = '[] []'; Like = '*at *not JSON*' }
    )
    foreach ($case in $cases) {
        $null = Assert-Error FlowStateInvalid { $case.Json | ConvertTo-FlowState -Flow $flow } -Like $case.Like
    }
}

Scenario 'nothing in a document makes an object of its choice' {
    $json = '[{"task":{"slug":"one"},"state":{"type":"Success","_result":{"type":"Result","value":{"$type":"System.Diagnostics.Process, System","value":"x"}}}}]'
    $null = Assert-Error FlowStateInvalid { $json | ConvertTo-FlowState -Flow $flow } -Like "*the `$type 'System.Diagnostics.Process, System' is not known*"
}

Scenario 'a flow from the pipeline is a new run of it' {
    $flow = New-Flow fresh { task a { } }
    $run = $flow | ConvertTo-FlowState
    Assert-Equal 0 $run.Step
    Assert-Equal 'fresh' $run.Flow.Name
}

Scenario 'a document is found in a message, which -Verbose says' {
    $json = '[{"slug":"one","type":"Success"}]'
    $data = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
    $messages = @(
        $data
        "{`"message`":{`"data`":`"$data`",`"messageId`":`"1`"},`"subscription`":`"s`"}"
        [pscustomobject]@{ message = [pscustomobject]@{ data = $data } }
        [pscustomobject]@{ WebhookName = 'w'; RequestBody = $json; RequestHeader = @{} }
        @{ Body = @(@{ slug = 'one'; type = 'Success' }); Method = 'POST' }
        "<QueueMessagesList><QueueMessage><MessageText>$data</MessageText></QueueMessage></QueueMessagesList>"
        [pscustomobject]@{ specversion = '1.0'; data = @([pscustomobject]@{ slug = 'one'; type = 'Success' }) }
    )
    foreach ($message in $messages) {
        Assert-Equal @('Success', 'Pending') (, $message | ConvertTo-FlowState -Flow $flow).Tasks.State -Because "$message"
    }
    $verbose = @($messages[1] | ConvertTo-FlowState -Flow $flow -Verbose 4>&1)[0]
    Assert-Equal 'Found a Pub/Sub push message > Base64 > a state document.' "$verbose"
}

Scenario 'a message that holds nothing is a new run' {
    $run = '{"message":{"messageId":"1","attributes":{}},"subscription":"s"}' | ConvertTo-FlowState -Flow $flow
    Assert-Equal @('Pending', 'Pending') $run.Tasks.State
}

Scenario 'what is wrong inside a message is said with the message' {
    $null = Assert-Error FlowStateInvalid { '{"message":{"data":"WzVd"}}' | ConvertTo-FlowState -Flow $flow } -Like '*at $[[]0] (line 1, byte 2, inside Base64 of a Pub/Sub push message) *'
}

Scenario 'a flow that has changed is a warning, an error, or runs again what has' {
    $old = New-Flow mended { task a { 1 }; task b { 'tow' } -After a; task c { 3 } -After b; task d { 4 } }
    $new = New-Flow mended { task a { 1 }; task b { 'two' } -After a; task c { 3 } -After b; task e { 5 } }
    $json = Invoke-Flow $old | ConvertFrom-FlowState
    $run = $json | ConvertTo-FlowState -Flow $new -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Equal @('Success', 'Success', 'Success', 'Pending') $run.Tasks.State
    Assert-Equal "Flow 'mended' has changed since the state document was written: new: e; changed: b; gone: d." "$($warnings[-1])"
    $null = Assert-Error FlowChanged { $json | ConvertTo-FlowState -Flow $new -OnChange Error } -Like '*new: e; changed: b; gone: d.*'
    $run = $json | ConvertTo-FlowState -Flow $new -OnChange RerunChanged -WarningAction SilentlyContinue
    Assert-Equal @('Success', 'Pending', 'Pending', 'Pending') $run.Tasks.State
    Assert-Equal 'two' ($run | Invoke-FlowStep).Tasks[1].Result
}
