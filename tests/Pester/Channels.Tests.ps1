BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Channels' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'a run goes from step to step through a folder, each completing its message after sending the next' {
        $channel = "$folder/steps"
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow chain { task a { $log.Add('a') }; task b { $log.Add('b') } -After a; task c { $log.Add('c') } -After b }
        ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
        $steps = 0
        while ($message = Receive-FlowMessage $channel) {
            $run = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -PassThru
            $message.IsSettled | Should -BeTrue -Because 'the message is completed'
            $steps++
        }
        $log | Should -BeExactly 'a', 'b', 'c'
        $steps | Should -Be 3
        $run.State | Should -BeExactly 'Success'
        "$channel/*.message" | Should -Not -Exist
    }

    It 'the single call: receive, one step, publish' {
        $channel = "memory:$([guid]::NewGuid())"
        $flow = New-Flow single { task a { 1 }; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } }
        ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
        Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel
        $run = Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -TimeBudget 00:08:00 |
            Publish-FlowMessage -Channel $channel -PassThru
        $run.Tasks[1].Result | Should -BeStrictly 2
        Receive-FlowMessage $channel | Should -Be $null
    }

    It 'a finished run is not sent, unless it is asked for' {
        $channel = "memory:$([guid]::NewGuid())"
        $run = New-Flow over { task a { 1 } } | Invoke-Flow
        $run | Publish-FlowMessage -Channel $channel
        $run | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
        Receive-FlowMessage $channel | Should -Be $null
        $run | Publish-FlowMessage -Channel $channel -Always
        $message = Receive-FlowMessage $channel
        @($message.Flow, $message.RunId, $message.Step) | Should -BeStrictly 'over', $run.RunId, 1
    }

    It 'a document says itself of which run and step it is' {
        $channel = "memory:$([guid]::NewGuid())"
        $run = New-Flow document { task a { 1 }; task b { 2 } } | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        $run | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
        $message = Receive-FlowMessage $channel
        @($message.Flow, $message.RunId, $message.Step) | Should -BeStrictly 'document', $run.RunId, 1
        ($message | ConvertTo-FlowState -Flow $run.Flow).RunId | Should -BeExactly $run.RunId
    }

    It 'a run with nothing to do before a time is delivered then' {
        $channel = "memory:$([guid]::NewGuid())"
        $flow = New-Flow later { task a { if ($FlowContext.RunCount -lt 2) { throw 'again' } } -MaxRetries 1 -RetryDelay 00:10:00 }
        Invoke-FlowStep $flow | Publish-FlowMessage -Channel $channel
        Receive-FlowMessage $channel | Should -Be $null
        Invoke-FlowStep $flow | ConvertFrom-FlowState | Publish-FlowMessage -Channel $channel
        Receive-FlowMessage $channel | Should -Be $null
    }

    It 'a message whose step fails is put back, and dead-lettered with the reason after its last delivery' {
        $channel = "$folder/steps"
        $flow = New-Flow strict { task a { 1 } }
        '{ "tasks": 1 }' | Publish-FlowMessage -Channel $channel
        $message = Receive-FlowMessage $channel -MaxDeliveries 1
        { $message | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        $message.IsSettled | Should -BeTrue -Because 'the message is settled'
        $dead = Receive-FlowMessage ("$channel/dead")
        $dead.Reason | Should -BeLikeExactly 'The state document is not valid: at *'
        $dead.Document | Should -BeExactly '{ "tasks": 1 }'
    }

    It 'a message that nobody completes is dead-lettered' {
        $channel = "memory:$([guid]::NewGuid())"
        '[]' | Publish-FlowMessage -Channel $channel
        foreach ($i in 1..3) { (Receive-FlowMessage $channel -MaxDeliveries 3).Abandon() }
        Receive-FlowMessage $channel -MaxDeliveries 3 -DeadLetter "$channel/aside" | Should -Be $null
        (Receive-FlowMessage "$channel/aside").Reason | Should -BeExactly 'It was delivered 3 times and never completed.'
    }

    It 'a message of another flow is not run' {
        $channel = "memory:$([guid]::NewGuid())"
        ConvertTo-FlowState -Flow (New-Flow mine { task a { 1 } }) | Publish-FlowMessage -Channel $channel
        { Receive-FlowMessage $channel | Invoke-FlowStep -Flow (New-Flow other {
            task a { 1 }
        }) } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly "The message belongs to flow 'mine', not 'other'.*"
    }

    It 'of a recorded run, a late and a duplicate message change nothing' {
        $channel = "memory:$([guid]::NewGuid())"
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow recorded -Store $folder {
            task a { $log.Add('a') }
            task b { $log.Add('b') } -After a
            task c { $log.Add('c') } -After b
        }
        $start = ConvertTo-FlowState -Flow $flow
        $start | Publish-FlowMessage -Channel $channel
        $start | Publish-FlowMessage -Channel $channel # twice
        while ($message = Receive-FlowMessage $channel) {
            $run = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -PassThru
        }
        $log | Should -BeExactly 'a', 'b', 'c'
        $run.State | Should -BeExactly 'Success'
    }

    It 'a step that was stored but not sent on is sent on by the message that comes again' {
        $channel = "memory:$([guid]::NewGuid())"
        $flow = New-Flow resent -Store $folder { task a { 1 }; task b { 2 } -After a }
        ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
        $message = Receive-FlowMessage $channel
        $null = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 # and here the process dies
        $message.Abandon()
        Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel
        $next = Receive-FlowMessage $channel
        $next.Step | Should -Be 1
        $run = $next | Invoke-FlowStep -Flow $flow | Publish-FlowMessage -Channel $channel -PassThru
        $run.State | Should -BeExactly 'Success'
        Receive-FlowMessage $channel | Should -Be $null
    }

    It 'an empty message starts a run, the same one each time it is delivered' {
        $channel = "memory:$([guid]::NewGuid())"
        $flow = New-Flow begun { task a { 1 } }
        ' ' | Publish-FlowMessage -Channel $channel
        $message = Receive-FlowMessage $channel
        $first = $message | ConvertTo-FlowState -Flow $flow
        $message.Abandon()
        $run = Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow | Publish-FlowMessage -Channel $channel -PassThru
        $run.RunId | Should -BeExactly $first.RunId
        $run.State | Should -BeExactly 'Success'
    }

    It 'with WhatIf nothing is sent and no message completed' {
        $channel = "memory:$([guid]::NewGuid())"
        $flow = New-Flow careful { task a { 1 }; task b { 2 } }
        ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
        $message = Receive-FlowMessage $channel
        $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $channel -WhatIf
        $message.IsSettled | Should -BeExactly $false
        Receive-FlowMessage $channel | Should -Be $null
    }

    It 'a channel without a provider is one clear error' {
        { Receive-FlowMessage 'ftp://host/x' } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru |
                Should -BeLikeExactly "The channel 'ftp://host/x' cannot be used: there is no provider for 'ftp'.*"
        { Receive-FlowMessage 'pubsub://project' } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*it is not the address of a topic*'
    }

    It 'an address that is refused is told without the secrets in it: <Address>' -ForEach @(
        @{ Address = 'https://me:hidden@host/hook' }
        @{ Address = 'azqueue://account/queue?sig=hidden' }
        @{ Address = 'ftp://me:hidden@host/x?code=hidden' }
    ) {
        $refused = { Receive-FlowMessage $Address } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru
        $refused | Should -BeLikeExactly "The channel '*://*' cannot be used: *"
        "$refused $($refused.TargetObject)" | Should -Not -BeLikeExactly '*hidden*' -Because "no secret is in: $refused"
    }

    It 'what is not for channels of a kind is refused, not passed over: <Option> of <Uri>' -ForEach @(
        @{ Uri = './steps'; Option = 'SigningKey' }
        @{ Uri = 'memory:x'; Option = 'SigningKey' }
        @{ Uri = 'azqueue://account/queue'; Option = 'SigningKey' }
        @{ Uri = 'pubsub://project/topic'; Option = 'AccountKey' }
        @{ Uri = 'https://host/path'; Option = 'KeyFile' }
    ) {
        $unfit = @{ $Option = 'key' }
        { New-FlowChannel $Uri @unfit } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly "*-$Option does not apply to this kind of channel*"
    }

    It 'a channel takes its secrets as text and as SecureString' {
        $key = ConvertTo-SecureString 'key' -AsPlainText -Force
        foreach ($given in $key, 'key') {
            (New-FlowChannel https://host/path -SigningKey $given).Name | Should -BeExactly 'https://host/path'
        }
    }
}
