BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'

    # What a task has written, without the changes of states.
    function Get-Written($Log) { @($Log | Where-Object Stream -NE State | ForEach-Object { "$($_.Stream) $($_.Text)" }) }
}

AfterAll {
    Stop-PlacedWorker
}

BeforeDiscovery { . "$PSScriptRoot/Places.ps1" }

Describe 'Get-FlowLog' {
    BeforeEach { $store = "$TestDrive/$(New-Guid)" }

    It 'has each stream of a task, in its order, <Place>' -ForEach (Get-TaskPlace) {
        $label = if ($In['Map']) { 'body[0]' } else { 'body' }
        if ($In['Subflow']) { $label = "part/$label" }
        $body = {
            Write-Host 'shown'; Write-Information 'news'; Write-Verbose 'a detail' -Verbose; Write-Warning 'careful'; Write-Debug 'why' -Debug
            Write-Error 'odd' -ErrorAction Continue
            if ($IsWindows) { cmd /c 'echo oops>&2' } else { sh -c 'echo oops >&2' }
            Write-Warning 'silent' -WarningAction SilentlyContinue
            Write-Host 'last'
        }
        $null = Invoke-InPlace $In $body -Flow @{ ErrorActionPreference = 'Continue' } -Store $store *>&1
        $log = Get-FlowRun -Store $store | Get-FlowLog | Where-Object Task -Like '*body*'
        Get-Written $log | Should -BeExactly 'Host shown', 'Information news', 'Verbose a detail', 'Warning careful', 'Debug why', 'Error odd', 'StandardError oops', 'Host last'
        ($log | Where-Object Stream -NE State).Task | Select-Object -Unique | Should -BeExactly $label
    }

    It 'has what tasks of a subflow write, by their path, <How>' -TestCases @(@{ How = 'in the session'; With = @{} }, @{ How = 'beside it'; With = @{ ThrottleLimit = 2 } }) {
        $inner = New-Flow inner { task deep { Write-Host 'down'; Write-Warning 'here' } }
        $flow = New-Flow outer -Store $store { task s -Subflow $inner }
        $null = Invoke-Flow $flow @With *>&1
        $log = Get-FlowLog $flow -Task s
        $log | ForEach-Object { "$($_.Task) $($_.Stream) $($_.Text -replace ' in .*')" } |
            Should -BeExactly 's State Running', 's/deep State Running', 's/deep Host down', 's/deep Warning here', 's/deep State Success', 's State Success'
    }

    It 'tells the attempts of a task and its failures' {
        $flow = New-Flow patient -Store $store { task load { Write-Host "try $($FlowContext.RunCount)"; if ($FlowContext.RunCount -lt 2) { throw 'no room' } } -MaxRetries 1 -RetryDelay 0 }
        $run = Invoke-Flow $flow 6>$null
        $log = $run | Get-FlowLog
        ($log | Where-Object Stream -EQ Host).Attempt | Should -Be 1, 2
        ($log | Where-Object Text -Like 'Failed*').Text | Should -BeLike 'Failed in *: Error during execution of task: no room'
        @($log | Where-Object Text -EQ 'Running (attempt 2)').Count | Should -Be 1
        $log[0].psobject.Properties.Name | Should -BeExactly 'Flow', 'RunId', 'Step', 'Time', 'Task', 'Attempt', 'Stream', 'Text'
    }

    It 'masks secrets' {
        $flow = New-Flow secret -Store $store {
            task key { 'hunter2-hunter2' } -Sensitive
            task use { param($key) Write-Host "h $key"; Write-Verbose "v $key" -Verbose; Write-Error "e $key" -ErrorAction Continue; throw "it is $key" } -InputFrom @{ key = 'key' }
        }
        $null = Invoke-Flow $flow *>&1
        $text = "$((Get-FlowLog $flow -Task use).Text)"
        $text | Should -BeLike '*h (secret) v (secret) e (secret) Failed*(secret)*'
        foreach ($file in Get-ChildItem $store -Recurse -File) { Get-Content -Raw $file | Should -Not -BeLike '*hunter2*' }
    }

    It 'chooses by task, child, wildcard and stream, and the last of these' {
        $flow = New-Flow choice -Store $store {
            task one { Write-Host 'a'; Write-Warning 'b'; Write-Host 'c' }
            task each { param($x) Write-Host "x$x" } -MapArgument @{ x = 1, 2 }
            task eachother { Write-Host 'o' }
        }
        $null = Invoke-Flow $flow *>&1
        Get-Written (Get-FlowLog $flow -Task one) | Should -BeExactly 'Host a', 'Warning b', 'Host c'
        Get-Written (Get-FlowLog $flow -Task each) | Should -BeExactly 'Host x1', 'Host x2'
        Get-Written (Get-FlowLog $flow -Task 'each[1]') | Should -BeExactly 'Host x2'
        Get-Written (Get-FlowLog $flow -Task 'each*') | Should -BeExactly 'Host x1', 'Host x2', 'Host o'
        Get-Written (Get-FlowLog $flow -Stream Host -Tail 2) | Should -BeExactly 'Host x2', 'Host o'
        Get-Written (Get-FlowLog $flow -Stream Warning, Debug) | Should -BeExactly 'Warning b'
        @(Get-FlowLog $flow -Tail 0).Count | Should -Be 0
    }

    It 'a task that the run does not have is an error that names what there is; one without a line, and a wildcard without a match, are none: <How>' -TestCases @(
        @{ How = 'by the flow'; Of = { $flow } }
        @{ How = 'by a state'; Of = { $run } }
        @{ How = 'by a run on record with its flow'; Of = { Get-FlowRun $flow } }
        @{ How = 'by a run on record alone'; Of = { Get-FlowRun -Store $store } }
    ) {
        $inner = New-Flow inner { task deep { Write-Host 'd' } }
        $flow = New-Flow named -Store $store { task one { Write-Host 'a' }; task each { param($x) } -MapArgument @{ x = 1, 2 }; task later { } -After one; task s -Subflow $inner }
        $run = Invoke-FlowStep $flow -MaxTasks 1 6>$null 3>$null
        $log = & $Of | Get-FlowLog -Task nope, one, 'each[7]', later, 'x*' -ErrorVariable errors -ErrorAction SilentlyContinue
        Get-Written $log | Should -BeExactly 'Host a'
        $errors.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'FlowTaskNotFound,*'
        "$errors" | Should -BeLike "*no task 'nope'*Its tasks are one, each, later, s.*no task 'each``[7``]'*"
        { & $Of | Get-FlowLog -Task nope -Stream Host -Tail 1 -ErrorAction Stop } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
        & $Of | Get-FlowLog -Task 's/deep', s, 'no*', later -ErrorAction Stop | Where-Object Stream -NE State | Should -Be $null
    }

    It 'says changes of states in words a person reads' {
        $flow = New-Flow words -Store $store {
            task again { if ($FlowContext.RunCount -lt 2) { throw 'no room' } } -MaxRetries 3 -RetryDelay 0
            task loop { if ($FlowContext.LoopCount -lt 2) { Send-FlowSignal -Loop -Result 1 } }
            task each { param($x) } -MapArgument @{ x = 1, 2 }
        }
        $null = Invoke-Flow $flow
        $texts = (Get-FlowLog $flow -Stream State).Text
        foreach ($text in 'Retrying (attempt 2 of 4)', 'Looped (pass 1)', 'Pending (pass 2)', 'Mapped') { $texts | Should -Contain $text }
        "$texts" | Should -Not -BeLike '*Retrying Task*'
    }

    It 'has nothing of the set-up of runspaces under a task' {
        $module = Join-Path (New-Item -ItemType Directory "$TestDrive/$(New-Guid)") 'Noisy.psm1'
        Set-Content $module 'Write-Warning "loaded"; function Get-Noise { "noise" }'
        $flow = New-Flow quiet -Store $store -Module $module -InitializationScript { Write-Host 'set up' } {
            foreach ($n in 1..4) { Add-FlowTask "t$n" { Start-Sleep -Milliseconds 200; Get-Noise } }
        }
        $VerbosePreference = 'Continue'
        $said = @(Invoke-Flow $flow -ThrottleLimit 4 *>&1)
        $said[-1].Tasks.Result | Should -BeExactly 'noise', 'noise', 'noise', 'noise'
        Get-Written (Get-FlowLog $flow) | Should -BeNullOrEmpty
        @($said | Where-Object { "$_" -like '*porting function*' }).Count | Should -Be 0
        @($said | Where-Object { "$_" -eq 'quiet: loaded' }).Count | Should -BeGreaterThan 1
        @($said | Where-Object { "$_" -eq 'set up' }).Source | Select-Object -Unique | Should -BeExactly 'quiet'
    }

    It 'is of the newest run, of one by its id, by pipeline, and of a state' {
        $flow = New-Flow runs -Store $store { task a { Write-Host $FlowContext.RunId } }
        $null = Invoke-Flow $flow -RunId one 6>$null
        Start-Sleep -Milliseconds 20
        $two = Invoke-Flow $flow -RunId two 6>$null
        Get-Written ($flow | Get-FlowLog) | Should -BeExactly 'Host two'
        Get-Written (Get-FlowLog $flow one) | Should -BeExactly 'Host one'
        Get-Written (Get-FlowRun $flow | Get-FlowLog) | Should -BeExactly 'Host two', 'Host one'
        Get-Written ($two | Get-FlowLog) | Should -BeExactly 'Host two'
        { Get-FlowLog $flow three } | Should -Throw -ErrorId 'FlowRunNotFound,*'
        { New-Flow other -Store $store { task a { } } | Get-FlowLog } | Should -Throw -ErrorId 'FlowRunNotFound,*'
        { New-Flow bare { task a { } } | Invoke-Flow | Get-FlowLog } | Should -Throw -ErrorId 'FlowRunNotOnRecord,*' -ExpectedMessage '*has no log*New-Flow -Store*'
    }

    It 'has all steps of a run, and its lines are removed with it' {
        $flow = New-Flow steps -Store $store { foreach ($i in 1..12) { Add-FlowTask "t$i" ([scriptblock]::Create("Write-Host $i")) } }
        1..12 | ForEach-Object { $null = Invoke-FlowStep $flow -RunId r -MaxTasks 1 6>$null }
        $log = Get-FlowLog $flow -Stream Host
        $log.Text | Should -BeExactly (1..12 | ForEach-Object { "$_" })
        $log.Step | Should -BeExactly (1..12)
        @(Get-ChildItem $store -Recurse -Directory -Filter log).Count | Should -Be 1
        Get-FlowRun $flow | Remove-FlowRun
        @(Get-ChildItem $store -Recurse -File).Count | Should -Be 0
    }

    It '<How> keeps it off the record, and the states on it' -TestCases @(
        @{ How = '-NoLog of Invoke-Flow'; Run = { Invoke-Flow $flow -NoLog } }
        @{ How = '-NoLog of Invoke-FlowStep'; Run = { Invoke-FlowStep $flow -NoLog } }
        foreach ($word in 'false', '0', 'Off', ' no ') {
            @{ How = "PREFECTPS_LOG=$word"; Word = $word; Run = { $env:PREFECTPS_LOG = $Word; try { Invoke-Flow $flow } finally { $env:PREFECTPS_LOG = $null } } }
        }
    ) {
        $flow = New-Flow quiet -Store $store { task a { Write-Host 'shown' } }
        "$(& $Run 6>&1)" | Should -BeLike 'shown*'
        Get-Written (Get-FlowLog $flow) | Should -BeNullOrEmpty
        @(Get-FlowLog $flow).Count | Should -Be 2
        foreach ($file in Get-ChildItem $store -Recurse -File -Filter *.json) { Get-Content -Raw $file | Should -Not -BeLike '*shown*' }
    }

    It 'reads a run while a step works on it, and -Wait until it has ended' {
        $script = Join-Path $TestDrive "$(New-Guid).ps1"
        $go = "$store.go"
        Set-Content $script @"
Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'
`$flow = New-Flow live -Store '$store' { task a { Write-Host 'first' }; task b { Write-Host 'begun'; while (-not (Test-Path '$go')) { Start-Sleep -Milliseconds 50 }; Write-Host 'second' } -After a }
`$null = Invoke-Flow `$flow -RunId r 6>`$null
"@
        $program = (Get-Process -Id $PID).Path
        $process = Start-Process $program -ArgumentList (@(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + '-NoProfile', '-File', $script) -PassThru
        try {
            $flow = New-Flow live -Store $store { task a { } }
            $end = [datetime]::UtcNow.AddSeconds(60)
            do { Start-Sleep -Milliseconds 100; $seen = try { @(Get-FlowLog $flow r) } catch { @() } } until ($seen.Text -contains 'begun' -or [datetime]::UtcNow -gt $end)
            Get-Written $seen | Should -BeExactly 'Host first', 'Host begun'
            $watched = [Collections.Generic.List[string]]::new()
            Get-FlowLog $flow r -Tail 1 -Follow | ForEach-Object { $watched.Add("$($_.Stream) $($_.Text -replace ' in .*')"); Set-Content $go '' }
            $watched | Should -BeExactly 'Host begun', 'Host second', 'State Success'
        }
        finally {
            Set-Content $go ''
            $process.WaitForExit()
        }
    }

    It '-Wait for a finished run comes back at once, and Ctrl+C ends one for a run that waits' {
        $flow = New-Flow done -Store $store { task a { Write-Host 'x' }; task b { } }
        $null = Invoke-FlowStep $flow -RunId r -MaxTasks 1 6>$null
        $shell = [powershell]::Create().AddScript("Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; New-Flow done -Store '$store' { task a { } } | Get-FlowLog -Wait")
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $handle = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        for ($i = 0; $i -lt 3000 -and -not $output.Count -and -not $handle.IsCompleted; $i++) { Start-Sleep -Milliseconds 20 }
        $handle.IsCompleted | Should -BeFalse
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -BeExactly 'Stopped'
        $null = Invoke-FlowStep $flow -RunId r -ResetCancelled
        Get-Written (Get-FlowLog $flow -Wait) | Should -BeExactly 'Host x'
    }

    It 'commands no terminal in its views' {
        $flow = New-Flow evil -Store $store { task a { Write-Host "$([char]27)[2Jred$([char]0x202e)" } }
        $null = Invoke-Flow $flow 6>$null
        (Get-FlowLog $flow -Stream Host).Text | Should -BeLike "*$([char]27)*"
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            foreach ($view in (Get-FlowLog $flow | Out-String), (Get-FlowLog $flow | Format-List | Out-String)) {
                $view | Should -BeLike '*red*'
                $view | Should -Not -Match '[\x1b\u202e]'
            }
        }
        finally { $PSStyle.OutputRendering = $rendering }
    }
}
