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

Scenario 'a compact document is one short text' {
    $large = New-Flow large { foreach ($n in 1..1000) { task "task$n" { } } }
    $before = Invoke-FlowStep $large -MaxTasks 500
    $document = $before | ConvertFrom-FlowState -Compact
    Assert-True ($document -cmatch '^pfs1\.[A-Za-z0-9_-]+$') 'it is safe text'
    Assert-True ($document.Length -lt 1000) "it is short, not $($document.Length)"
    $after = $document | ConvertTo-FlowState -Flow $large
    Assert-Equal $before.Tasks.State $after.Tasks.State
    Assert-Equal @($before.RunId, 1) @($after.RunId, $after.Step)
}

Scenario 'a compact document keeps results, and times where it is to' {
    $before = Invoke-Flow $flow
    foreach ($with in $false, $true) {
        $after = $before | ConvertFrom-FlowState -Compact -IncludeTimes:$with | ConvertTo-FlowState -Flow $flow
        Assert-Equal @(1, 2) $after.Tasks.Result
        Assert-Equal $with ($null -ne $after.Tasks[0].Duration)
    }
}

Scenario 'a compact document is for the very flow, unless the slugs travel' {
    $old = New-Flow grows { task a { 1 } }
    $new = New-Flow grows { task b { 2 }; task a { 1 } }
    $document = Invoke-Flow $old | ConvertFrom-FlowState -Compact
    $null = Assert-Error FlowStateInvalid { $document | ConvertTo-FlowState -Flow $new } -Like "*Flow 'grows' has changed since. Write it with ConvertFrom-FlowState -Compact -MatchBySlug*"
    $document = Invoke-Flow $old | ConvertFrom-FlowState -Compact -MatchBySlug
    Assert-Equal @('Pending', 'Success') ($document | ConvertTo-FlowState -Flow $new -WarningAction SilentlyContinue).Tasks.State
}

Scenario 'a signed document is taken with its key, and no other is' {
    $key = [byte[]] (1..32)
    foreach ($compact in @{}, @{ Compact = $true }) {
        $document = Invoke-Flow $flow | ConvertFrom-FlowState -SigningKey $key @compact
        Assert-Equal 'Success' ($document | ConvertTo-FlowState -Flow $flow -SigningKey $key).State
        Assert-Equal 'Success' ($document | ConvertTo-FlowState -Flow $flow).State
        $caught = Assert-Error FlowStateTampered { $document.Replace('a', 'b') | ConvertTo-FlowState -Flow $flow -SigningKey $key }
        Assert-Equal 'SecurityError' $caught.CategoryInfo.Category
        $null = Assert-Error FlowStateTampered { $document | ConvertTo-FlowState -Flow $flow -SigningKey ([byte[]] (2..33)) }
        $null = Assert-Error FlowStateTampered { Invoke-Flow $flow | ConvertFrom-FlowState @compact | ConvertTo-FlowState -Flow $flow -SigningKey $key } -Like '*it is not signed*'
        $null = Assert-Error FlowStateTampered { $document | ConvertTo-FlowState -Flow (New-Flow other { task one { 1 } }) -SigningKey $key } -Like "*it is of flow 'pair', not of 'other'*"
    }
}

Scenario 'a key is a SecureString or bytes, by its id where there are several' {
    $secret = [securestring]::new()
    foreach ($letter in 'a secret of some length'.ToCharArray()) { $secret.AppendChar($letter) }
    $run = Invoke-Flow $flow
    Assert-Equal 'Success' ($run | ConvertFrom-FlowState -SigningKey $secret | ConvertTo-FlowState -Flow $flow -SigningKey $secret).State
    $keys = @{ old = $secret; new = [byte[]] (1..32) }
    $document = $run | ConvertFrom-FlowState -SigningKey $keys -SigningKeyId new
    Assert-Like '*"signature":{"keyId":"new","hmacSha256":"*"}}' $document
    Assert-Equal 'Success' ($document | ConvertTo-FlowState -Flow $flow -SigningKey $keys).State
    $document = $run | ConvertFrom-FlowState -SigningKey ([ordered] @{ first = $secret; second = [byte[]] (1..32) })
    Assert-Like '*"signature":{"keyId":"first",*' $document
    $null = Assert-Error FlowStateTampered { $document | ConvertTo-FlowState -Flow $flow -SigningKey $keys } -Like "*signed with the key 'first', which is not among those given*"
}

Scenario 'a key that cannot be used is an error that says why' {
    $run = Invoke-Flow $flow
    $null = Assert-Error FlowSigningKeyInvalid { $run | ConvertFrom-FlowState -SigningKey 'in the clear' } -Like '*a SecureString or bytes*'
    $null = Assert-Error FlowSigningKeyInvalid { $run | ConvertFrom-FlowState -SigningKey ([byte[]] (1..8)) } -Like '*16 bytes or more*'
    $null = Assert-Error FlowSigningKeyInvalid { $run | ConvertFrom-FlowState -SigningKey @{ a = [byte[]] (1..32); b = [byte[]] (1..32) } } -Like '*-SigningKeyId*'
    $null = Assert-Error FlowSigningKeyInvalid { $run | ConvertFrom-FlowState -SigningKey @{ a = [byte[]] (1..32) } -SigningKeyId b } -Like "*no key 'b'*"
    $null = Assert-Error AmbiguousParameterSet { $run | ConvertFrom-FlowState -AsPrefect -SigningKey ([byte[]] (1..32)) }
}
