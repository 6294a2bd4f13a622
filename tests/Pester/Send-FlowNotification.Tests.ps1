BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    # A webhook that gives these answers, one a request, and keeps what it was sent.
    function Start-Webhook([int[]] $Status) {
        $port = 0
        $found = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $found.Start(); $port = $found.LocalEndpoint.Port; $found.Stop()
        $hook = @{ Uri = "http://127.0.0.1:$port/services/T0/B0/tokenInThePath"; Bodies = [Collections.Concurrent.ConcurrentQueue[string]]::new(); Shell = [powershell]::Create() }
        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$port/")
        $listener.Start()
        $hook.Listener = $listener
        $null = $hook.Shell.AddScript({
            param($Listener, $Status, $Bodies)
            foreach ($answer in $Status) {
                $context = $Listener.GetContext()
                $reader = [IO.StreamReader]::new($context.Request.InputStream, [Text.Encoding]::UTF8)
                $Bodies.Enqueue("$($context.Request.HttpMethod) $($context.Request.ContentType)`n$($reader.ReadToEnd())")
                $context.Response.StatusCode = $answer
                $context.Response.Close()
            }
        }).AddArgument($listener).AddArgument($Status).AddArgument($hook.Bodies)
        $hook.Pending = $hook.Shell.BeginInvoke()
        $hook
    }

    function Stop-Webhook($Hook) {
        $Hook.Listener.Close()
        $Hook.Shell.Dispose()
    }

    function Get-Sent($Hook) { ($Hook.Bodies.ToArray()[-1] -split "`n", 2)[1] | ConvertFrom-Json }
}

Describe 'Send-FlowNotification' {
    BeforeEach {
        $folder = New-TestFolder
        $hook = $null
    }

    AfterEach { if ($hook) { Stop-Webhook $hook } }

    It 'tells a program what has failed, where, and how to continue' {
        $hook = Start-Webhook 200
        $flow = New-Flow 'night "1"' -Store $folder {
            task list { 1, 2 }
            task each { param($n) if ($n -eq 2) { throw 'bad <!channel> & [x](http://y)' }; $n } -Map @{ n = 'list' }
            task after { } -After each
        }
        $run = Invoke-Flow $flow -RunId "it's"
        $run | Send-FlowNotification -Uri $hook.Uri -Reason Failed
        $hook.Bodies.ToArray()[0] | Should -BeLike 'POST application/json*'
        $sent = Get-Sent $hook
        $sent.flow, $sent.runId, $sent.state, $sent.reason, $sent.store | Should -BeStrictly 'night "1"', "it's", 'Failed', 'Failed', $flow.StoreName
        $sent.tasks.task | Should -BeStrictly 'each[1]', 'after'
        $sent.tasks[0].message | Should -Be 'bad <!channel> & [x](http://y)'
        $sent.tasks[0].place | Should -BeLike '*Send-FlowNotification.Tests.ps1:*throw*'
        foreach ($command in $sent.commands.command) { $null = [scriptblock]::Create($command) }
        # The lines do what they say.
        $shown = & ([scriptblock]::Create($sent.commands[0].command))
        $shown.Slug | Should -BeStrictly 'list', 'each', 'after'
        (& ([scriptblock]::Create($sent.commands[2].command))).State | Should -Be 'Failed'
    }

    It 'is a card for Teams, in which nothing of a run is Markdown' {
        $hook = Start-Webhook 202
        New-Flow f { task t { throw 'bad **b** [x](http://y)' } } | Invoke-Flow | Send-FlowNotification -Uri $hook.Uri -Format Teams -Link @{ Open = 'https://example.com/x?a=1&b=2' }
        $sent = Get-Sent $hook
        $sent.type, $sent.attachments[0].contentType | Should -BeStrictly 'message', 'application/vnd.microsoft.card.adaptive'
        $card = $sent.attachments[0].content
        $card.type, $card.version | Should -BeStrictly 'AdaptiveCard', '1.4'
        $card.body.type | Select-Object -Unique | Should -BeStrictly 'RichTextBlock'
        ($card.body.inlines.text -join '|') | Should -Match ([regex]::Escape('bad **b** [x](http://y)'))
        $card.actions[0].url | Should -Be 'https://example.com/x?a=1&b=2'
    }

    It 'is blocks for Slack, in which nobody is mentioned' {
        $hook = Start-Webhook 200
        New-Flow 'f<!here>' -Store $folder { task t { throw 'bad <!channel>' } } | Invoke-Flow | Send-FlowNotification -Uri $hook.Uri -Format Slack
        $sent = Get-Sent $hook
        $sent.text | Should -BeLike 'f&lt;!here&gt;: Failed*'
        $sent.blocks[0].type | Should -Be 'header'
        @($sent.blocks.text | Where-Object { $_ } | ForEach-Object type | Select-Object -Unique) | Should -BeStrictly 'plain_text'
        ($sent | ConvertTo-Json -Depth 20) | Should -Not -Match 'mrkdwn'
    }

    It 'takes a recorded run, with its flow or without' {
        $hook = Start-Webhook 200, 200
        $flow = New-Flow f -Store $folder { task ask { if (-not $FlowContext.IsResumed) { Send-FlowSignal -Pause } } }
        $null = Invoke-FlowStep $flow -RunId r
        Get-FlowRun -Store $folder | Send-FlowNotification $hook.Uri
        (Get-Sent $hook).tasks.task | Should -BeStrictly 'ask'
        Get-FlowRun $flow | Send-FlowNotification $hook.Uri
        $sent = Get-Sent $hook
        $sent.commands[2].command | Should -Be "Get-FlowRun `$flow -RunId 'r' | Set-FlowTaskState -Task 'ask' -To Resume"
    }

    It 'shows what an event is called that a task waits for' {
        $hook = Start-Webhook 200
        $flow = New-Flow f -Store $folder { task ask { param($Answer) $Answer } -WaitForEvent "o'k" }
        Invoke-FlowStep $flow -RunId r | Send-FlowNotification $hook.Uri
        (Get-Sent $hook).commands[2].command | Should -BeLike "*| Send-FlowEvent -Name 'o''k' -Payload @{ }"
    }

    It 'masks secrets, and says nothing of the path of the webhook' {
        $hook = Start-Webhook 404
        $run = New-Flow f { task secret { 'hunter2-hunter2' } -Sensitive; task t { param($s) throw "no $s" } -InputFrom @{ s = 'secret' } } | Invoke-Flow
        $failure = { $run | Send-FlowNotification -Uri $hook.Uri } | Should -Throw -ErrorId 'FlowNotificationFailed*' -PassThru
        "$failure" | Should -BeLike "*http://127.0.0.1:*404*"
        "$failure $($failure | Format-List * -Force | Out-String)" | Should -Not -Match 'tokenInThePath'
        $hook.Bodies.ToArray()[0] | Should -Not -Match 'hunter2'
    }

    It 'waits out what may pass' {
        $hook = Start-Webhook 503, 429, 200
        New-Flow f { task t { } } | Invoke-Flow | Send-FlowNotification -Uri $hook.Uri
        $hook.Bodies.Count | Should -Be 3
    }

    It 'is reported by a flow' {
        $hook = Start-Webhook 200
        $uri = $hook.Uri
        $null = Invoke-Flow (New-Flow f -OnNotify { param($flow, $run, $reason) $run | Send-FlowNotification $uri -Reason $reason } { task t { throw 'bad' } })
        (Get-Sent $hook).reason | Should -Be 'Failed'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'what is no run'; Block = { 'x' | Send-FlowNotification -Uri https://example.com }; Id = 'FlowStateInvalid*' }
        @{ Name = 'an address of another kind'; Block = { New-Flow f { task t { } } | Invoke-Flow | Send-FlowNotification -Uri ftp://example.com/secret }; Id = 'FlowInvalid*' }
        @{ Name = 'a link to no page'; Block = { New-Flow f { task t { } } | Invoke-Flow | Send-FlowNotification -Uri https://example.com -Link @{ a = 'javascript:x' } }; Id = 'FlowInvalid*' }
    ) {
        $Block | Should -Throw -ErrorId $Id
    }

    It 'sends nothing with -WhatIf' {
        New-Flow f { task t { } } | Invoke-Flow | Send-FlowNotification -Uri http://127.0.0.1:1/ -WhatIf
    }
}
