BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    # Every second, so that a test need not wait.
    function New-Ticking([string] $Folder, [hashtable] $More = @{}) {
        New-Flow ticking -Store $Folder -Schedule '* * * * * *' @More {
            task when { $FlowContext.ScheduledStartTime.UtcDateTime.ToString('yyyyMMddTHHmmssZ') } -Target '{flow_name}/{scheduled_start_time:HHmmss}.txt'
            task then { param($when) $when } -InputFrom @{ when = 'when' }
        }
    }
}

Describe 'A flow with a schedule' {
    It 'runs nothing on the first call, and says when the next run is due' {
        $flow = New-Flow nightly -Store (New-TestFolder) -Schedule '0 3 * * *' -TimeZone Europe/Berlin { task a { } }
        $state = Invoke-FlowStep $flow -Resume | Assert-FlowState
        $state.State | Should -BeExactly Scheduled
        $state.HasPending | Should -BeFalse
        $state.NextStartTime | Should -Be (Get-FlowSchedule $flow -First 1).ScheduledStartTime
        $state.Message | Should -BeLike 'No run is due before 20*Z.'
        Get-FlowRun $flow | Should -BeNullOrEmpty
        (Invoke-Flow $flow -Resume).State | Should -BeExactly Scheduled
    }

    It 'runs once for a time, whose run has it for an id, for tasks and in targets' {
        $folder = New-TestFolder
        $null = Invoke-FlowStep (New-Ticking $folder) -Resume
        Start-Sleep -Milliseconds 1200
        $state = Invoke-FlowStep (New-Ticking $folder) -Resume -MaxTasks 1
        $state.RunId | Should -MatchExactly '^20\d{6}T\d{6}Z$'
        Start-Sleep -Milliseconds 1100
        $again = Invoke-FlowStep (New-Ticking $folder) -Resume
        $again.RunId | Should -BeExactly $state.RunId
        $again.Tasks[1].Result | Should -BeExactly $state.RunId
        $run = Get-FlowRun (New-Ticking $folder)
        $run.ScheduledStartTime | Should -Be $again.ScheduledStartTime
        Get-ResultFile $folder | Should -Contain "ticking/$($run.RunId.Substring(9, 6)).txt"
    }

    It 'starts one run though two call at once, in processes of their own' {
        $folder = New-TestFolder
        $flow = New-Flow two -Store $folder -Schedule '02:00:00' -ScheduleStart (Get-Date).AddSeconds(2) { task a { Add-Content "$folder/ran.txt" $PID } }
        $null = Invoke-FlowStep $flow -Resume
        $start = (Get-FlowSchedule $flow -First 1).ScheduledStartTime.ToString('o')
        $line = @"
Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'
`$flow = New-Flow two -Store '$folder' -Schedule '02:00:00' -ScheduleStart '$start' { task a { Add-Content '$folder/ran.txt' `$PID } }
while ([DateTimeOffset]::UtcNow -lt [DateTimeOffset]'$start') { Start-Sleep -Milliseconds 5 }
try { `$null = Invoke-FlowStep `$flow -Resume } catch { if (`$_.FullyQualifiedErrorId -notlike 'FlowStoreConflict*') { throw } }
"@
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-EncodedCommand', $encoded)
        $processes = 1..2 | ForEach-Object { Start-Process $program -ArgumentList $arguments -PassThru }
        $processes | Wait-Process -Timeout 60
        @(Get-Content "$folder/ran.txt") | Should -HaveCount 1
        (Get-FlowRun $flow).State | Should -BeExactly Success
    }

    It 'is started by nobody again once its runs were removed' {
        $folder = New-TestFolder
        $flow = New-Flow once -Store $folder -Schedule '02:00:00' -ScheduleStart (Get-Date).AddSeconds(1.5) { task a { } }
        $null = Invoke-FlowStep $flow -Resume
        Start-Sleep 2
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly Success
        Get-FlowRun $flow | Remove-FlowRun
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly Scheduled
        Get-FlowRun $flow | Should -BeNullOrEmpty
    }

    It 'continues beside a run that waits' {
        $folder = New-TestFolder
        $flow = New-Flow waits -Store $folder -Schedule '* * * * * *' { task a { if (-not (Test-Path "$folder/ok")) { Send-FlowSignal -Pause } } }
        $null = Invoke-FlowStep $flow -Resume
        Start-Sleep -Milliseconds 1100
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly Paused
        $null = New-Item "$folder/ok"
        Start-Sleep -Milliseconds 1100
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly Success
        Get-FlowRun $flow | ForEach-Object State | Sort-Object | Should -BeStrictly 'Paused', 'Success'
    }

    It 'says at each call that the schedule is another one, by which no time is due' {
        $folder = New-TestFolder
        foreach ($zone in 'UTC', 'Etc/UTC', 'UTC') {
            $flow = New-Flow turns -Store $folder -Schedule '@daily', '@yearly' -TimeZone $zone { task a { } }
            $state = $flow | Invoke-FlowStep -Resume -WarningVariable warnings -WarningAction SilentlyContinue
            $state.State | Should -BeExactly Scheduled
            "$warnings" | Should -BeLike $(if ($zone -eq 'UTC' -and -not $before) { '' } else { "The schedule of flow 'turns' has changed: @daily ($zone), @yearly ($zone) is new*" })
            $before = $zone
        }
        $null = New-Flow turns -Store $folder -Schedule '@yearly' { task a { } } | Invoke-FlowStep -Resume -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'gives a state that stands for no run, which nothing writes and no step runs' {
        $flow = New-Flow nothing -Store (New-TestFolder) -Schedule '@daily' { task a { throw 'ran' } }
        $state = Invoke-FlowStep $flow -Resume
        { $state | ConvertFrom-FlowState } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        { $state | ConvertFrom-FlowState -Compact } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        { $state | Export-FlowState -Path (Join-Path (New-TestFolder) s.json) } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        ($state | Invoke-FlowStep).State | Should -BeExactly Scheduled
    }
}

Describe 'New-Flow -Schedule' {
    It 'takes <_>' -ForEach '0 3 * * 1-5', '*/10 * * * * *', '@weekly', '00:10:00', '1.00:00:00' {
        (New-Flow f -Schedule $_ { task a { } }).Schedule | Should -BeLike "$_*(UTC)"
    }

    It 'takes a list, timespans and zones of either kind' {
        (New-Flow f -Schedule '@daily', (New-TimeSpan -Hours 6) -TimeZone 'W. Europe Standard Time' { task a { } }).Schedule |
            Should -BeExactly '@daily, 06:00:00 from 19991231T230000Z (W. Europe Standard Time)'
    }

    It 'refuses <value>: <reason>' -ForEach @(
        @{ value = 600; reason = 'the unit of a number is unclear*' }
        @{ value = '600'; reason = 'the unit of a number is unclear*' }
        @{ value = '00:00:00'; reason = 'an interval must be whole seconds*' }
        @{ value = [timespan]::FromMilliseconds(1500); reason = 'an interval must be whole seconds*' }
        @{ value = '24:00:00'; reason = 'as a timespan it is 24 days, which are written 24.00:00:00*' }
        @{ value = '10m'; reason = 'a cron expression has five fields*' }
        @{ value = '0 0 30 2 *'; reason = 'it never comes*' }
        @{ value = '0 25 * * *'; reason = '*Hours*between 0 and 23*' }
        @{ value = (Get-Date); reason = 'it is neither a text nor a timespan*' }
    ) {
        { New-Flow f -Schedule $value { task a { } } } | Should -Throw "Flow 'f': its schedule '*' is none: $reason" -ErrorId 'FlowInvalid,*'
    }

    It 'refuses a zone that is not known, and what says more of no schedule' {
        { New-Flow f -Schedule '@daily' -TimeZone Mars/Phobos { task a { } } } | Should -Throw "*'Mars/Phobos' is not a known time zone*" -ErrorId 'FlowInvalid,*'
        { New-Flow f -TimeZone UTC { task a { } } } | Should -Throw '*-TimeZone says more of -Schedule*' -ErrorId 'FlowInvalid,*'
        { New-Flow f -CatchUp All { task a { } } } | Should -Throw '*-CatchUp says more of -Schedule*'
        { New-Flow f -Schedule '@daily' -ScheduleStart (Get-Date) { task a { } } } | Should -Throw '*its schedule has none*'
        { New-Flow f -Schedule '@daily' -MaxLateness 30 { task a { } } } | Should -Throw '*is unclear: days or seconds*'
    }
}

Describe 'Get-FlowSchedule' {
    It 'shows times of the schedule''s zone, from one to before another, whatever the machine''s zone is' {
        $flow = New-Flow f -Schedule '0 3 * * *' -TimeZone Europe/Berlin { task a { } }
        @(Get-FlowSchedule $flow -After '2026-03-28 03:00' -Before '2026-03-30 03:00').RunId | Should -BeStrictly '20260328T020000Z', '20260329T010000Z'
        (Get-FlowSchedule $flow -After ([DateTimeOffset]'2026-03-28T02:00:01Z') -First 1).RunId | Should -BeExactly 20260329T010000Z
        Get-FlowSchedule $flow | Should -HaveCount 5
        { Get-FlowSchedule (New-Flow g { task a { } }) } | Should -Throw "*has no schedule*" -ErrorId 'FlowInvalid,*'
    }

    It 'is a backfill when it is piped to Invoke-Flow, which leaves out what is done' {
        $flow = New-Flow f -Store (New-TestFolder) -Schedule '@daily' { task a { $FlowContext.ScheduledStartTime.Day } }
        $null = Invoke-Flow $flow -RunId 20261102T000000Z
        @(Get-FlowSchedule $flow -After 2026-11-01 -Before 2026-11-04 | Invoke-Flow | ForEach-Object { $_.Tasks[0].Result }) | Should -BeStrictly 1, 3
        @(Get-FlowSchedule $flow -After 2026-11-01 -Before 2026-11-05 | ForEach-Object { "$($_.State)" }) | Should -BeStrictly 'Success', 'Success', 'Success', ''
        Get-FlowSchedule $flow -After 2026-11-01 -Before 2026-11-04 | Invoke-Flow | Should -BeNullOrEmpty
    }

    It 'completes zones' {
        $text = 'New-Flow f -Schedule @daily -TimeZone Europe/Ber'
        (TabExpansion2 $text $text.Length).CompletionMatches.ListItemText | Should -BeExactly Europe/Berlin
    }
}
