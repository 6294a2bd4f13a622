Scenario 'a run goes from step to step through a folder, each completing its message after sending the next' {
    $channel = [IO.Path]::Combine((Get-ScenarioFolder), 'steps')
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow chain { task a { $log.Add('a') }; task b { $log.Add('b') } -After a; task c { $log.Add('c') } -After b }
    ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
    $steps = 0
    while ($message = Receive-FlowMessage $channel) {
        $run = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -PassThru
        Assert-True $message.IsSettled 'the message is completed'
        $steps++
    }
    Assert-Equal @('a', 'b', 'c') $log
    Assert-Equal 3 $steps
    Assert-Equal 'Success' $run.State
    Assert-Equal 0 @([IO.Directory]::GetFiles($channel, '*.message')).Count
}

Scenario 'the single call: receive, one step, publish' {
    $channel = "memory:$([guid]::NewGuid())"
    $flow = New-Flow single { task a { 1 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
    ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
    Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel
    $run = Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -TimeBudget 00:08:00 | Publish-FlowMessage -Channel $channel -PassThru
    Assert-Equal 2 $run.Tasks[1].Result
    Assert-Equal $null (Receive-FlowMessage $channel)
}

Scenario 'a finished run is not sent, unless it is asked for' {
    $channel = "memory:$([guid]::NewGuid())"
    $run = New-Flow over { task a { 1 } } | Invoke-Flow
    $run | Publish-FlowMessage -Channel $channel
    $run | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
    Assert-Equal $null (Receive-FlowMessage $channel)
    $run | Publish-FlowMessage -Channel $channel -Always
    $message = Receive-FlowMessage $channel
    Assert-Equal @('over', $run.RunId, 1) @($message.Flow, $message.RunId, $message.Step)
}

Scenario 'a document says itself of which run and step it is' {
    $channel = "memory:$([guid]::NewGuid())"
    $run = New-Flow document { task a { 1 }; task b { 2 } } | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    $run | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
    $message = Receive-FlowMessage $channel
    Assert-Equal @('document', $run.RunId, 1) @($message.Flow, $message.RunId, $message.Step)
    Assert-Equal $run.RunId ($message | ConvertTo-FlowState -Flow $run.Flow).RunId
}

Scenario 'a run with nothing to do before a time is delivered then' {
    $channel = "memory:$([guid]::NewGuid())"
    $flow = New-Flow later { task a { if ($FlowContext.RunCount -lt 2) { throw 'again' } } -MaxRetries 1 -RetryDelay 00:10:00 }
    Invoke-FlowStep $flow | Publish-FlowMessage -Channel $channel
    Assert-Equal $null (Receive-FlowMessage $channel)
    Invoke-FlowStep $flow | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
    Assert-Equal $null (Receive-FlowMessage $channel)
}

Scenario 'a message whose step fails is put back, and set aside with the reason after its last delivery' {
    $channel = [IO.Path]::Combine((Get-ScenarioFolder), 'steps')
    $flow = New-Flow strict { task a { 1 } }
    '{ "tasks": 1 }' | Publish-FlowMessage -Channel $channel
    $message = Receive-FlowMessage $channel -MaxDeliveries 1
    $null = Assert-Error FlowStateInvalid { $message | Invoke-FlowStep -Flow $flow }
    Assert-True $message.IsSettled 'the message is settled'
    $dead = Receive-FlowMessage ([IO.Path]::Combine($channel, 'dead'))
    Assert-Like 'The state document is not valid: at *' $dead.Reason
    Assert-Equal '{ "tasks": 1 }' $dead.Document
}

Scenario 'a message that nobody completes is set aside' {
    $channel = "memory:$([guid]::NewGuid())"
    '[]' | Publish-FlowMessage -Channel $channel
    foreach ($i in 1..3) { (Receive-FlowMessage $channel -MaxDeliveries 3).Abandon() }
    Assert-Equal $null (Receive-FlowMessage $channel -MaxDeliveries 3 -DeadLetter "$channel/aside")
    Assert-Equal 'It was delivered 3 times, and nobody completed it.' (Receive-FlowMessage "$channel/aside").Reason
}

Scenario 'a message of another flow is not run' {
    $channel = "memory:$([guid]::NewGuid())"
    ConvertTo-FlowState -Flow (New-Flow mine { task a { 1 } }) | Publish-FlowMessage -Channel $channel
    $null = Assert-Error FlowStateInvalid { Receive-FlowMessage $channel | Invoke-FlowStep -Flow (New-Flow other { task a { 1 } }) } -Like "The message is about flow 'mine', not 'other'.*"
}

Scenario 'of a run on record, a late and a duplicate message change nothing' {
    $folder = Get-ScenarioFolder
    $channel = "memory:$([guid]::NewGuid())"
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow recorded -Store $folder { task a { $log.Add('a') }; task b { $log.Add('b') } -After a; task c { $log.Add('c') } -After b }
    $start = ConvertTo-FlowState -Flow $flow
    $start | Publish-FlowMessage -Channel $channel
    $start | Publish-FlowMessage -Channel $channel # twice
    while ($message = Receive-FlowMessage $channel) {
        $run = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -PassThru
    }
    Assert-Equal @('a', 'b', 'c') $log
    Assert-Equal 'Success' $run.State
}

Scenario 'a step that was stored but not sent on is sent on by the message that comes again' {
    $folder = Get-ScenarioFolder
    $channel = "memory:$([guid]::NewGuid())"
    $flow = New-Flow resent -Store $folder { task a { 1 }; task b { 2 } -After a }
    ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
    $message = Receive-FlowMessage $channel
    $null = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 # and here the process dies
    $message.Abandon()
    Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel
    $next = Receive-FlowMessage $channel
    Assert-Equal 1 $next.Step
    $run = $next | Invoke-FlowStep -Flow $flow | Publish-FlowMessage -Channel $channel -PassThru
    Assert-Equal 'Success' $run.State
    Assert-Equal $null (Receive-FlowMessage $channel)
}

Scenario 'an empty message begins a run, the same one each time it is delivered' {
    $channel = "memory:$([guid]::NewGuid())"
    $flow = New-Flow begun { task a { 1 } }
    ' ' | Publish-FlowMessage -Channel $channel
    $message = Receive-FlowMessage $channel
    $first = $message | ConvertTo-FlowState -Flow $flow
    $message.Abandon()
    $run = Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow | Publish-FlowMessage -Channel $channel -PassThru
    Assert-Equal $first.RunId $run.RunId
    Assert-Equal 'Success' $run.State
}

Scenario 'with WhatIf nothing is sent and no message completed' {
    $channel = "memory:$([guid]::NewGuid())"
    $flow = New-Flow careful { task a { 1 }; task b { 2 } }
    ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
    $message = Receive-FlowMessage $channel
    $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -WhatIf
    Assert-Equal $false $message.IsSettled
    Assert-Equal $null (Receive-FlowMessage $channel)
}

Scenario 'a channel that there is no provider for is one clear error' {
    $null = Assert-Error FlowInvalid { Receive-FlowMessage 'ftp://host/x' } -Like "The channel 'ftp://host/x' cannot be used: there is no provider for 'ftp'.*"
    $null = Assert-Error FlowInvalid { Receive-FlowMessage 'pubsub://project' } -Like '*it is not the address of a topic*'
}

Scenario 'an address that is refused is told without the secrets in it' {
    foreach ($address in 'https://me:hidden@host/hook', 'azqueue://account/queue?sig=hidden', 'ftp://me:hidden@host/x?code=hidden') {
        $refused = Assert-Error FlowInvalid { Receive-FlowMessage $address } -Like "The channel '*://*' cannot be used: *"
        Assert-True (-not "$refused $($refused.TargetObject)".Contains('hidden')) "no secret is in: $refused"
    }
}

Scenario 'what is not for channels of a kind is refused, not passed over' {
    foreach ($unfit in @(
            @{ Uri = './steps'; SigningKey = 'key' }, @{ Uri = 'memory:x'; SigningKey = 'key' }, @{ Uri = 'azqueue://account/queue'; SigningKey = 'key' },
            @{ Uri = 'pubsub://project/topic'; AccountKey = 'key' }, @{ Uri = 'https://host/path'; KeyFile = 'key.json' })) {
        $option = $unfit.Keys | ForEach-Object { if ($_ -ne 'Uri') { $_ } }
        $null = Assert-Error FlowInvalid { New-FlowChannel @unfit } -Like "*-$option is not for channels of its kind*"
    }
}

Scenario 'a channel takes its secrets as text and as SecureString' {
    $key = [securestring]::new()
    foreach ($c in 'key'.ToCharArray()) { $key.AppendChar($c) }
    foreach ($given in $key, 'key') {
        Assert-Equal 'https://host/path' (New-FlowChannel https://host/path -SigningKey $given).Name
    }
}
