BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    function Get-Definition($Task) {
        # All that a task says of itself, but for the objects that are its own.
        $properties = 'Name', 'Slug', 'Tags', 'After', 'InputFrom', 'IsMapped', 'Target', 'IsSensitive', 'StoreName', 'ExpectedDuration', 'Timeout', 'MaxCrashes', 'WaitForEvent'
        $Task | Select-Object $properties | ConvertTo-Json -Depth 3
    }
}

Describe 'Tasks as rows' {
    # A row means what a call of Add-FlowTask with the same values would.
    $options = @(
        @{ After = 'first' }, @{ After = 'first', 'second' }, @{ InputFrom = @{ x = 'first' } }, @{ Map = @{ x = 'list' } }, @{ Argument = @{ x = 7 } }, @{ Slug = 'other' },
        @{ Tag = 'a', 'b' }, @{ Timeout = '8' }, @{ Timeout = 8 }, @{ Timeout = [timespan] '00:00:08' },
        @{ MaxRetries = '3' }, @{ MaxRetries = 2; RetryDelay = 1, 2; RetryBackoff = 'Exponential' },
        @{ Trigger = 'AllFinished' }, @{ Trigger = 'SomeFailed'; AtLeast = 1 },
        @{ SkipOnUpstreamSkip = $false }, @{ Sensitive = $true }, @{ Target = 't/{task_slug}.json'; Store = 'memory://rows' },
        @{ NoCheckpoint = $true }, @{ When = { $true } }, @{ CacheFor = 60; CacheKey = 'k' }, @{ ExpectedDuration = 3 },
        @{ MaxCrashes = 1 }, @{ StateHandler = { } }, @{ WaitForEvent = 'go' }
    ) | ForEach-Object { @{ Text = ($_.Keys -join ', '); Options = $_ } }

    It 'mean what a call of Add-FlowTask does: <Text>' -ForEach $options {
        $common = @{ Name = 'same'; ScriptBlock = { param($x) $x } }
        $before = @{ Name = 'first'; ScriptBlock = { 1 } }, @{ Name = 'second'; ScriptBlock = { 2 } }, @{ Name = 'list'; ScriptBlock = { , (1, 2) } }
        $called = New-Flow f
        foreach ($task in @($before) + ($common + $Options)) { Add-FlowTask $called @task }
        $rows = New-Flow f -Task (@($before) + ($common + $Options))
        $objects = New-Flow f -Task (@($before) + [pscustomobject] ($common + $Options))
        $piped = New-Flow f -Task $before
        [pscustomobject] ($common + $Options) | Add-FlowTask $piped
        $inBlock = New-Flow f -Task $before { [pscustomobject] ($common + $Options) | task }
        foreach ($flow in $rows, $objects, $piped, $inBlock) {
            Get-Definition $flow.Tasks[-1] | Should -BeExactly (Get-Definition $called.Tasks[-1])
            { Test-Flow $flow } | Should -Not -Throw
        }
    }

    It 'an entry without a value is as if it were not there' {
        $flow = New-Flow f -Task @{ Name = 'a'; ScriptBlock = { 1 }; After = $null; Target = $null; Timeout = if ($false) { 1 } }
        (Invoke-Flow $flow).Tasks[0].Result | Should -Be 1
    }

    It 'what is given beside the pipeline wins over a property, and what has no parameter is left out' {
        $flow = New-Flow f
        $made = [pscustomobject] @{ Name = 'a'; ScriptBlock = { 1 }; Tag = 'row'; Owner = 'me' }, [pscustomobject] @{ Name = 'b'; Tag = 'row' } |
            Add-FlowTask $flow -ScriptBlock { 2 } -Tag given -PassThru
        $made.Tags | Should -Be 'given', 'given'
        (Invoke-Flow $flow).Tasks.Result | Should -Be 2, 2
    }

    It 'a flow that is piped gives nothing of its own to the task' {
        $flow = New-Flow f -Store memory://rows -Target 't/{task_slug}.json' -Serializer Json
        $flow | Add-FlowTask a { 1 } -PassThru | ForEach-Object { $_.Name | Should -Be 'a' }
        $flow.Tasks[0].Store | Should -BeNullOrEmpty
    }

    It 'the flow may be a property, too' {
        $flow = New-Flow f
        [pscustomobject] @{ Flow = $flow; Name = 'a'; ScriptBlock = { 1 } } | Add-FlowTask
        $flow.Tasks.Name | Should -Be 'a'
    }

    It 'an error names the row: <Case>' -ForEach @(
        @{ Case = 'an unknown entry'; Row = @{ Name = 'b'; ScriptBlock = { }; Afetr = 'a' }; Message = "Row 2*Afetr*After*" }
        @{ Case = 'no name'; Row = @{ ScriptBlock = { } }; Message = 'Row 2*needs a name*' }
        @{ Case = 'a text'; Row = 'b'; Message = 'Row 2*needs a name*' }
        @{ Case = 'no body'; Row = @{ Name = 'b' }; Message = "Row 2*'b'*nothing to do*" }
        @{ Case = 'a text for the body'; Row = @{ Name = 'b'; ScriptBlock = '1' }; Message = "Row 2*'b'*ScriptBlock*" }
        @{ Case = 'a value out of range'; Row = @{ Name = 'b'; ScriptBlock = { }; MaxRetries = -1 }; Message = "Row 2*MaxRetries*" }
        @{ Case = 'a time of nothing'; Row = @{ Name = 'b'; ScriptBlock = { }; Timeout = 0 }; Message = "Row 2*Timeout*greater than zero*" }
        @{ Case = 'a word that is none'; Row = @{ Name = 'b'; ScriptBlock = { }; Serializer = 'Xml' }; Message = "Row 2*Serializer*" }
        @{ Case = 'a name twice'; Row = @{ Name = 'A'; ScriptBlock = { } }; Message = "Row 2*'A'*already*" }
    ) {
        { New-Flow f -Task @(@{ Name = 'a'; ScriptBlock = { 1 } }; , $Row) } | Should -Throw $Message
    }

    It 'a task that is not there is told at once' {
        { New-Flow f -Task @{ Name = 'a'; ScriptBlock = { 1 }; After = 'nope' } } | Should -Throw "*'nope'*"
    }

    It 'a hashtable in the pipeline is an error that names -Task, <Where>' -ForEach @(
        @{ Where = 'with a flow'; Try = { @{ Name = 'a'; ScriptBlock = { } } | Add-FlowTask (New-Flow f) } }
        @{ Where = 'with -Flow'; Try = { @{ Name = 'a'; ScriptBlock = { } } | Add-FlowTask -Flow (New-Flow f) } }
        @{ Where = 'in a definition block'; Try = { New-Flow f { @{ Name = 'a'; ScriptBlock = { } } | task } } }
        @{ Where = 'ordered, and outside of any flow'; Try = { [ordered] @{ Name = 'a'; ScriptBlock = { } } | Add-FlowTask } }
    ) {
        $Try | Should -Throw '*New-Flow <name> -Task*'
    }
}
