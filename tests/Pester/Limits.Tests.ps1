BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Limits' {
    It 'a message of 20 MB is cut with a mark, and the recorded run is read again: <Name>' -ForEach @(
        @{ Name = 'thrown'; Body = { throw ('x' * 20MB) } }
        @{ Name = 'of control characters'; Body = { throw ([string][char]7 * 3MB) } }
        @{ Name = 'a signal'; Body = { Send-FlowSignal -Fail ('x' * 17MB) } }
        @{ Name = 'of half characters'; Body = { throw ([string][char]0xD800 * 20MB) } }
    ) {
        $flow = New-Flow long -Store (New-TestFolder) { task a $Body }
        $run = Invoke-FlowStep $flow -RunId r
        $run.State | Should -BeExactly 'Failed'
        $run.Tasks[0].Message.Length | Should -BeExactly 65536
        $run.Tasks[0].Message | Should -BeLikeExactly '*… `[cut: * characters in all]'
        ($run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow).Tasks[0].Message | Should -BeExactly $run.Tasks[0].Message
        (Invoke-FlowStep $flow -RunId r).Tasks[0].Message | Should -BeExactly $run.Tasks[0].Message
    }

    It 'a name that cannot be kept is refused at definition: <Name>' -ForEach @(
        @{ Name = 'a flow'; Define = { New-Flow ('x' * 513) }; Id = 'FlowInvalid' }
        @{ Name = 'a flow with an escape sequence'; Define = { New-Flow "a$([char]27)[31m" }; Id = 'FlowInvalid' }
        @{ Name = 'a parameter'; Define = { New-Flow f -Parameter @{ ('x' * 513) = 1 } }; Id = 'FlowInvalid' }
        @{ Name = 'a task'; Define = { New-Flow f { task ('x' * 513) { 1 } } }; Id = 'FlowTaskInvalid' }
        @{ Name = 'a slug'; Define = { New-Flow f { task a { 1 } -Slug ('x' * 513) } }; Id = 'FlowTaskInvalid' }
        @{ Name = 'a slug with half of a character'; Define = { New-Flow f { task a { 1 } -Slug "a$([char]0xD83D)" } }; Id = 'FlowTaskInvalid' }
        @{ Name = 'a tag'; Define = { New-Flow f { task a { 1 } -Tag ('x' * 513) } }; Id = 'FlowTaskInvalid' }
        @{ Name = 'a run'; Define = { Invoke-FlowStep (New-Flow f -Store (New-TestFolder) { task a { 1 } }) -RunId ('x' * 129) }; Id = 'FlowInvalid' }
    ) {
        $Define | Should -Throw -ErrorId "$Id,*"
    }

    It 'sixty flows in one another are refused at definition' {
        {
            $flow = New-Flow f0 { task t { 1 } }
            foreach ($i in 1..59) { $flow = New-Flow "f$i" { task t -Subflow $flow } }
        } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*more than 32 levels*'
    }

    It 'a deep value in many subflows is read again' {
        $value = 'end'
        foreach ($i in 1..58) { $value = , $value }
        $flow = New-Flow f0 -Parameter @{ value = $null } { task t { param($value) , $value } }
        foreach ($i in 1..25) { $flow = New-Flow "f$i" -Store (New-TestFolder) -Parameter @{ value = $null } { task t -Subflow $flow } }
        $run = Invoke-FlowStep $flow -RunId deep -Parameter @{ value = $value }
        $run.State | Should -BeExactly 'Success'
        ($run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow).State | Should -BeExactly 'Success'
        (Invoke-FlowStep $flow -RunId deep).State | Should -BeExactly 'Success'
    }

    It 'times at the end of all time are on record: <Name>' -ForEach @(
        @{ Name = '-TimeBudget'; Body = { 1 }; Options = @{ TimeBudget = [timespan]::MaxValue }; State = 'Success' }
        @{ Name = '-Deadline'; Body = { 1 }; Options = @{ Deadline = [datetimeoffset]::MaxValue }; State = 'Success' }
        @{ Name = '-StartTime'; Body = { Send-FlowSignal -Retry -StartTime ([datetimeoffset]::MaxValue) }; Options = @{}; State = 'Scheduled' }
    ) {
        $flow = New-Flow long -Store (New-TestFolder) { task a $Body }
        (Invoke-FlowStep $flow -RunId r @Options).State | Should -BeExactly $State
        $again = Invoke-FlowStep $flow -RunId r
        $again.State | Should -BeExactly $State
        (Get-FlowHistory $flow -RunId r).Count | Should -BeGreaterThan 0
        ($again | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow).Tasks[0].StartTime | Should -BeExactly $again.Tasks[0].StartTime
    }

    It 'a retry that is never due is on record' {
        $flow = New-Flow never -Store (New-TestFolder) { task a { throw 'no' } -MaxRetries ([int]::MaxValue) -RetryDelay ([timespan]::MaxValue) -RetryBackoff Exponential }
        $run = Invoke-FlowStep $flow -RunId r
        $run.Tasks[0].Message | Should -BeExactly 'Retrying Task (after attempt 1 of 2147483648)'
        (Invoke-FlowStep $flow -RunId r).Tasks[0].StartTime | Should -BeExactly $run.Tasks[0].StartTime
    }

    It 'a step that cannot be counted is refused' {
        $flow = New-Flow counted -Store (New-TestFolder) { task a { 1 } }
        $document = { '{"run":{"id":"r","step":' + $args[0] + ',"started":"2026-01-01T00:00:00Z"},"tasks":[{"slug":"a","type":"Pending"}]}' }
        { & $document 2147483647 | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        { & $document 1000000000 | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        Get-FlowRun -Flow $flow | Should -BeNullOrEmpty
    }
}
