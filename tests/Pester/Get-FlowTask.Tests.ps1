BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Get-FlowTask' {
    BeforeEach {
        $flow = New-Flow many {
            task extract-orders { } -Tag etl, orders
            task extract-stock { } -Tag etl
            task 'Write the report' { } -Slug report -Tag output -After extract-orders, extract-stock
        }
    }

    It 'all tasks come in definition order' {
        (Get-FlowTask $flow).Slug | Should -BeExactly 'extract-orders', 'extract-stock', 'report'
        ($flow | Get-FlowTask).Slug | Should -BeExactly 'extract-orders', 'extract-stock', 'report'
    }

    It 'tasks are found by name, by slug and with wildcards' {
        (Get-FlowTask $flow 'write the report').Slug | Should -BeExactly 'report'
        (Get-FlowTask $flow REPORT).Slug | Should -BeExactly 'report'
        (Get-FlowTask $flow extract-*).Slug | Should -BeExactly 'extract-orders', 'extract-stock'
    }

    It 'tasks are found by tag' {
        (Get-FlowTask $flow -Tag etl).Slug | Should -BeExactly 'extract-orders', 'extract-stock'
        (Get-FlowTask $flow -Tag out*, orders).Slug | Should -BeExactly 'extract-orders', 'report'
        (Get-FlowTask $flow extract-* -Tag orders).Slug | Should -BeExactly 'extract-orders'
    }

    It 'a name that the flow does not have is an error, and the others still come' {
        $faults = $null
        $found = Get-FlowTask $flow report, nowhere -ErrorAction SilentlyContinue -ErrorVariable faults
        $found.Slug | Should -BeExactly 'report'
        $faults[0].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowTaskNotFound,*'
        $faults[0].TargetObject | Should -BeExactly 'nowhere'
    }

    It 'a pattern that fits nothing finds nothing' {
        @(Get-FlowTask $flow x*).Count | Should -Be 0
    }

    It 'tasks of a run come with their states' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        ($run | Get-FlowTask).State | Should -BeExactly 'Success', 'Cancelled', 'Cancelled'
        (Get-FlowTask $run extract-orders).State | Should -BeExactly 'Success'
    }

    It 'tasks of a run are found by state' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        ($run | Get-FlowTask -State Cancelled).Slug | Should -BeExactly 'extract-stock', 'report'
        ($run | Get-FlowTask extract-* -State Cancelled, Failed).Slug | Should -BeExactly 'extract-stock'
        @($run | Get-FlowTask -State Success, Cancelled).Count | Should -Be 3
    }

    It 'states compare with their names' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        @($run.Tasks | Where-Object State -eq Cancelled).Count | Should -Be 2
        $run.Tasks[0].State -eq 'Success' | Should -BeTrue -Because 'a state equals its name'
    }

    It 'names follow the flow or the run, wherever that comes from' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        (Get-FlowTask $flow report).Slug | Should -BeExactly 'report'
        ($flow | Get-FlowTask report).Slug | Should -BeExactly 'report'
        (Get-FlowTask $run report).State | Should -BeExactly 'Cancelled'
        ($run | Get-FlowTask report).State | Should -BeExactly 'Cancelled'
        (Get-FlowTask $run rep* -State Cancelled).Slug | Should -BeExactly 'report'
        (Get-FlowTask -FlowState $run -Name report).Slug | Should -BeExactly 'report'
        (Get-FlowTask -Flow $flow -Name report).Slug | Should -BeExactly 'report'
        ($run | Get-FlowTask rep* -State Cancelled).Slug | Should -BeExactly 'report'
    }

    It 'a flow has no states to choose tasks by' {
        { $flow | Get-FlowTask -State Success } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*no states*'
    }

    It 'what has no tasks is refused' {
        { 'a text' | Get-FlowTask } | Should -Throw -ErrorId 'FlowRequired,*' -PassThru | Should -BeLikeExactly "*'a text'*"
    }
}

Describe 'The options of a task' {
    It 'are its properties, by the names of the parameters of Add-FlowTask' {
        $renamed = @{ Tag = 'Tags'; Sensitive = 'IsSensitive'; Store = 'StoreName' }
        $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
        $properties = [FlowTask].GetProperties().Name
        foreach ($name in (Get-Command Add-FlowTask).Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin 'PassThru', 'InputObject' }) {
            $(if ($renamed[$name]) { $renamed[$name] } else { $name }) | Should -BeIn $properties
        }
    }

    It 'read as they were given' {
        $flow = New-Flow options -Store (New-TestFolder) -Parameter @{ Region = 'west'; Rows = 1, 2 } {
            task list { 1, 2 }
            task full { param($x, $n, $l, $r) "body $x" } -After list -Map @{ x = 'list' } -MapArgument @{ l = 'p', 'q' } -MapParameter @{ r = 'Rows' } -Argument @{ n = 3 } `
                -Trigger SomeFailed -AtLeast 1 -AtMost 0.5 -SkipOnUpstreamSkip $false -When { param($n) $n -gt 2 } `
                -MaxRetries 4 -RetryDelay 1, 00:01:00 -RetryBackoff Exponential -RetryJitter 0.25 -RetryOn ([IO.IOException]), 'Oops', { $_ } `
                -Timeout 00:02:00 -NoCheckpoint -Serializer Clixml -StateHandler { 'handled' } -OnFailure { 'failed' }, { 'again' }
            task cached { 5 } -CacheFor 01:00:00 -CacheValidator all_inputs -CacheKey shared
            task chosen { param($Region) $Region } -CacheFor 60 -CacheValidator @{ Parameters = 'Region' } -Trigger { $true }
            task plain { 7 }
        }
        $full = Get-FlowTask $flow full
        $full.ScriptBlock | Should -BeLikeExactly '*"body $x"*'
        $full.Map | Should -BeStrictly @{ x = 'list' }
        $full.Map.x | Should -BeExactly 'list'
        $full.MapArgument | Should -BeStrictly @{ l = 'p', 'q' }
        $full.MapParameter | Should -BeStrictly @{ r = 'Rows' }
        $full.Argument | Should -BeStrictly @{ n = 3 }
        $full.Trigger, $full.AtLeast, $full.AtMost, $full.SkipOnUpstreamSkip | Should -BeStrictly 'SomeFailed', 1.0, 0.5, $false
        $full.When | Should -BeLikeExactly '*$n -gt 2*'
        $full.MaxRetries, $full.RetryBackoff, $full.RetryJitter | Should -BeStrictly 4, 'Exponential', 0.25
        $full.RetryDelay | Should -BeExactly ([timespan] '00:00:01'), ([timespan] '00:01:00')
        $full.RetryOn | Should -BeExactly 'System.IO.IOException', 'Oops', ' $_ '
        $full.Timeout | Should -BeExactly ([timespan] '00:02:00')
        $full.NoCheckpoint, $full.Serializer | Should -BeStrictly $true, 'Clixml'
        $full.StateHandler | Should -BeExactly " 'handled' "
        $full.OnFailure | Should -BeExactly " 'failed' ", " 'again' "
        $cached = Get-FlowTask $flow cached
        $cached.CacheFor | Should -BeExactly ([timespan] '01:00:00')
        $cached.CacheValidator, $cached.CacheKey | Should -BeStrictly 'AllInputs', 'shared'
        (Get-FlowTask $flow chosen).CacheValidator | Should -BeExactly 'Parameters = Region'
        (Get-FlowTask $flow chosen).Trigger | Should -BeExactly ' $true '
    }

    It 'are the defaults where none were given, and the list view leaves them out' {
        $flow = New-Flow plain { task plain { 7 }; task retried { 8 } -MaxRetries 2 -RetryDelay 5 -CacheFor 60 }
        $plain = Get-FlowTask $flow plain
        $plain.Trigger, $plain.MaxRetries, $plain.RetryBackoff, $plain.SkipOnUpstreamSkip, $plain.Flatten | Should -BeStrictly 'AllSuccessful', 0, 'Constant', $true, $false
        $plain.Map.Count, $plain.Argument.Count, $plain.RetryDelay.Count, $plain.RetryOn.Count, $plain.OnFailure.Count | Should -BeStrictly 0, 0, 0, 0, 0
        $plain.When, $plain.CacheFor, $plain.CacheValidator, $plain.Timeout, $plain.AtLeast | Should -BeStrictly $null, $null, $null, $null, $null
        ($plain | Format-List | Out-String) | Should -Not -Match 'Retr|Cache|Timeout'
        ($flow.Tasks[1] | Format-List | Out-String) | Should -Match '(?s)MaxRetries *: 2.*RetryDelay *: 00:00:05.*CacheFor *: 00:01:00'
    }
}
