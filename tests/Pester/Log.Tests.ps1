BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'
}

AfterAll {
    Stop-PlacedWorker
}

BeforeDiscovery { . "$PSScriptRoot/Places.ps1" }

Describe 'Transitions' {
    BeforeAll {
        function New-Loud {
            New-Flow loud {
                task load { if ($FlowContext.RunCount -lt 2) { throw 'no room' } } -MaxRetries 3 -RetryDelay 0
                task report { 'done' } -After load
            }
        }

        function Get-Line($Record, [type] $Type) { @($Record | Where-Object { $_ -is $Type } | ForEach-Object { "$_" }) }
    }

    It '-Verbose of <Cmdlet> tells each change of a state, with time and attempt' -TestCases @(@{ Cmdlet = 'Invoke-Flow' }, @{ Cmdlet = 'Invoke-FlowStep' }) {
        $lines = Get-Line (& $Cmdlet (New-Loud) -Verbose 4>&1) ([Management.Automation.VerboseRecord]) | Where-Object { $_ -match '^\d\d:\d\d:\d\d ' }
        $lines | ForEach-Object { $_ -replace '^\d\d:\d\d:\d\d ' -replace '00:00:0\d\.\d{3}', 'TIME' -replace 'at \d\d:\d\d:\d\d', 'at NOW' } | Should -BeExactly @(
            'load: Running (attempt 1 of 4)'
            'load: Failed in TIME: Error during execution of task: no room'
            'load: Retrying (attempt 2 of 4, at NOW)'
            'load: Running (attempt 2 of 4)'
            'load: Success in TIME'
            'report: Running'
            'report: Success in TIME'
        )
    }

    It '<How> shows one line for each task that has ended' -TestCases @(
        @{ How = '-InformationAction'; Call = { Invoke-Flow (New-Loud) -InformationAction Continue 6>&1 } }
        @{ How = '$InformationPreference'; Call = { $InformationPreference = 'Continue'; Invoke-Flow (New-Loud) 6>&1 } }
        @{ How = '-InformationAction of a step'; Call = { Invoke-FlowStep (New-Loud) -InformationAction Continue 6>&1 } }
        @{ How = '-InformationVariable'; Call = { $null = Invoke-Flow (New-Loud) -InformationVariable said; $said } }
    ) {
        $records = @(& $Call | Where-Object { $_ -is [Management.Automation.InformationRecord] })
        "$($records -replace '00:00:0\d\.\d{3}', 'TIME')" | Should -BeExactly 'load: Success in TIME report: Success in TIME'
        $records.Source | Should -BeExactly 'load', 'report'
        $records[0].Tags | Should -BeExactly 'FlowTask'
    }

    It 'without either nothing is told, and nothing asked for in vain' {
        @(Invoke-Flow (New-Loud) 4>&1 6>&1).Count | Should -Be 1
    }

    It 'a caller that stops at either does not lose its run' {
        & { $VerbosePreference = 'Stop'; (Invoke-Flow (New-Loud) 2>$null).State } | Should -BeExactly 'Success'
        & { (Invoke-Flow (New-Loud) -InformationAction Stop 2>$null).State } | Should -BeExactly 'Success'
    }

    It 'children, tasks of subflows and what a budget cuts off have their names' {
        $inner = New-Flow inner { task ok { } }
        $flow = New-Flow outer {
            task each { param($e) } -MapArgument @{ e = 1, 2 }
            task s -Subflow $inner
            task last { }
        }
        $lines = Get-Line (Invoke-FlowStep $flow -MaxTasks 3 -Verbose 4>&1) ([Management.Automation.VerboseRecord])
        foreach ($line in '*each: Mapped (2 children)', '*each`[1`]: Running', '*s/ok: Running', '*last: Cancelled (Flow run is cancelled)') {
            @($lines -like $line).Count | Should -Be 1 -Because $line
        }
    }

    It 'secrets are masked, and a message commands no terminal' {
        $flow = New-Flow secret {
            task key { 'hunter2-hunter2' } -Sensitive
            task use { param($key) throw "$([char]27)[2J$key is refused`nsecond line" } -InputFrom @{ key = 'key' }
        }
        $all = "$(Invoke-Flow $flow -Verbose -InformationAction Continue 4>&1 6>&1)"
        $all | Should -BeLike '*use: Failed*(secret) is refused*'
        $all | Should -Not -BeLike '*hunter2*'
        $all | Should -Not -BeLike "*$([char]27)*"
        $all | Should -Not -BeLike '*second line*'
    }
}

Describe 'What tasks write' {
    It 'comes to the caller with the task before it, in its order, <Place>' -ForEach (Get-TaskPlace) {
        $label = if ($In['Map']) { 'body[0]' } else { 'body' }
        if ($In['Subflow']) { $label = "part/$label" }
        $body = { Write-Warning 'careful'; Write-Verbose 'a detail' -Verbose; Write-Debug 'why' -Debug; Write-Information 'news'; Write-Host 'shown'; Write-Warning 'last' }
        $said = @(Invoke-InPlace $In $body 3>&1 4>&1 5>&1 6>&1 | Where-Object { $_ -isnot [FlowTaskState] })
        "$($said -join '|')" | Should -BeExactly "${label}: careful|${label}: a detail|${label}: why|news|shown|${label}: last"
        $said[3, 4].Source | Should -BeExactly $label, $label
    }

    It 'follows the caller''s preference variables, <Place>' -ForEach (Get-TaskPlace) {
        $body = { Write-Warning 'careful'; Write-Verbose 'a detail'; Write-Debug 'why' }
        $said = & { $VerbosePreference = 'Continue'; $WarningPreference = 'SilentlyContinue'; Invoke-InPlace $In $body 3>&1 4>&1 5>&1 }
        $said = @($said | Where-Object { $_ -is [Management.Automation.InformationalRecord] } | ForEach-Object { "$_" })
        @($said -like '*: a detail').Count | Should -Be 1
        "$said" | Should -Not -BeLike '*careful*'
        "$said" | Should -Not -BeLike '*why*'
    }

    It '-Verbose and -InformationAction of the cmdlet are about transitions only, <Place>' -ForEach (Get-TaskPlace) {
        $body = { Write-Verbose 'a detail'; Write-Information 'news' }
        $said = Invoke-InPlace $In $body -Run @{ Verbose = $true; InformationAction = 'SilentlyContinue' } 4>&1
        "$said" | Should -BeLike '*body*: Running*'
        "$said" | Should -Not -BeLike '*a detail*'
    }

    It 'is masked where it holds a secret that the task was given, <Place>' -ForEach (Get-TaskPlace | Where-Object { -not $_.In['Map'] -and -not $_.In['Using'] }) {
        $inner = New-Flow inner -Parameter @{ key = $null } {
            task use { param($key) Write-Warning "it is $key"; Write-Verbose "v $key" -Verbose; Write-Host "h $key"; Write-Information "i $key" }
        }
        $task = @{}
        if ($In['Task']) { $task = $In.Task }
        $flow = New-Flow outer {
            task key { 'hunter2-hunter2' } -Sensitive
            task use { param($key) Write-Warning "it is $key"; Write-Verbose "v $key" -Verbose; Write-Host "h $key"; Write-Information "i $key" } -InputFrom @{ key = 'key' } @task
            task s -Subflow $inner -InputFrom @{ key = 'key' }
        }
        $with = @{}
        if ($In['Throttle']) { $with.ThrottleLimit = $In.Throttle }
        $said = Invoke-Flow $flow @with 3>&1 4>&1 6>&1 | Where-Object { $_ -isnot [FlowState] } | ForEach-Object { "$_" }
        "$said" | Should -Not -BeLike '*hunter2*'
        @($said -like '*(secret)').Count | Should -Be 8
    }

    It 'errors that do not end the task, and what programs write to their standard error, have the task before them, <Place>' -ForEach (Get-TaskPlace) {
        $label = if ($In['Map']) { 'body[0]' } else { 'body' }
        if ($In['Subflow']) { $label = "part/$label" }
        $body = {
            Write-Error 'odd' -ErrorAction Continue
            if ($IsWindows) { cmd /c 'echo oops>&2' } else { sh -c 'echo hidden >&2' 2>$null; sh -c 'echo oops >&2' }
            Write-Error 'quiet' -ErrorAction SilentlyContinue; try { throw 'x' } catch { }
        }
        $ErrorActionPreference = 'Continue'
        $said = @(Invoke-InPlace $In $body -Flow @{ ErrorActionPreference = 'Continue' } 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object { "$_" })
        $said.TrimEnd() | Should -BeExactly "${label}: odd", "${label}: oops"
    }

    It 'an error of a task is in $Error once, and a caller that stops at errors, or wants none, keeps its run, <How>' -TestCases @(
        @{ How = 'in the session'; With = @{}; Shown = 'Continue', 'Stop' }
        @{ How = 'beside it'; With = @{ ThrottleLimit = 2 }; Shown = 'Continue', 'Stop' }
    ) {
        $flow = New-Flow lenient -ErrorActionPreference Continue { task a { Write-Error 'odd'; 'went on' } }
        foreach ($preference in 'Continue', 'SilentlyContinue', 'Stop') {
            $Error.Clear()
            $ErrorActionPreference = $preference
            $said = @(Invoke-Flow $flow @With 2>&1)
            $said[-1].State | Should -BeExactly 'Success' -Because $preference
            @($said | Where-Object { $_ -is [Management.Automation.ErrorRecord] }).Count | Should -Be ([int] ($preference -in $Shown)) -Because $preference
            @($Error -like '*odd*').Count | Should -BeLessOrEqual 1 -Because $preference
        }
    }

    It '-ErrorVariable has the errors of tasks that do not end them, <How>' -TestCases @(
        @{ How = 'in the session'; With = @{} }
        @{ How = 'beside it'; With = @{ ThrottleLimit = 2 } }
    ) {
        $flow = New-Flow lenient -ErrorActionPreference Continue { task a { Write-Error 'odd'; Write-Error 'even' } }
        foreach ($preference in 'Continue', 'SilentlyContinue') {
            $null = Invoke-Flow $flow @With -ErrorVariable errors -ErrorAction $preference 2>$null
            "$errors" | Should -BeExactly 'a: odd a: even' -Because $preference
        }
        $null = Invoke-Flow $flow @With -ErrorVariable errors -ErrorAction Ignore 2>$null
        @($errors).Count | Should -Be 0
    }

    It 'what a body redirects is the body''s, as anywhere: <Name>, <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'of a block'; Body = { & { Write-Warning 'a'; Write-Host 'b' } *>&1 | ForEach-Object { "got $_" } }; Gets = 'got a', 'got b' }
            @{ Name = 'of a function'
                Body = { function f { Write-Warning 'a'; Write-Verbose 'b' -Verbose; Write-Debug 'c' -Debug }; f 3>&1 4>&1 5>&1 | ForEach-Object { "got $_" } }
                Gets = 'got a', 'got b', 'got c'
            }
            @{ Name = 'of a function in a function'
                Body = { function f { & { Write-Information 'a'; Write-Host 'b' } }; function g { [CmdletBinding()] param() f }; g 6>&1 | ForEach-Object { "got $_" } }
                Gets = 'got a', 'got b'
            }
            @{ Name = 'of an expression'; Body = { $(Write-Host 'a'; Write-Warning 'b') *>&1 | ForEach-Object { "got $_" } }; Gets = 'got a', 'got b' }
            @{ Name = 'into a variable'; Body = { $said = & { Write-Warning 'a' } 3>&1; "got $said" }; Gets = 'got a' }
            @{ Name = 'errors'; Body = { & { Write-Error 'a' -ErrorAction Continue } 2>&1 | ForEach-Object { "got $_" } }; Gets = 'got a' }
            @{ Name = 'to nowhere'; Body = {
                    function f { Write-Warning 'a'; Write-Host 'b' }
                    f *>$null; & { f } 3>$null 6>$null; Write-Warning 'c' 3>$null; Write-Host 'd' 6>$null
                    Write-Verbose 'e' -Verbose 4>$null; Write-Debug 'f' -Debug 5>$null; f *>&1 | Out-Null
                    'got none'
                }
                Gets = 'got none'
            }
        )) {
        $ErrorActionPreference = 'Continue'
        $said = @(Invoke-InPlace $In $Body -Flow @{ ErrorActionPreference = 'Continue' } *>&1)
        $said.Count | Should -Be 1 -Because "nothing else is said than $($said[0..($said.Count - 2)])"
        $said[0].Result | Should -BeExactly $Gets
    }

    It 'what a body writes by its host comes as what Write-Host writes, in its order, and is on record, <Place>' -ForEach (Get-TaskPlace) {
        $label = if ($In['Map']) { 'body[0]' } else { 'body' }
        if ($In['Subflow']) { $label = "part/$label" }
        $body = {
            Write-Host 'first'
            [pscustomobject] @{ Name = 'value' } | Format-Table -HideTableHeaders | Out-Host
            'text' | Out-Host
            Write-Warning 'between'
            $Host.UI.Write('ui'); $Host.UI.WriteLine(' line'); $Host.UI.WriteLine([ConsoleColor]::Red, [ConsoleColor]::Black, 'red')
            $Host.UI.WriteErrorLine('wrong'); $Host.UI.WriteWarningLine('careful'); $Host.UI.WriteVerboseLine('a detail'); $Host.UI.WriteDebugLine('why')
            'default' | Out-Default
            Write-Information 'shown' -InformationAction Continue
            Write-Host 'last'
        }
        $store = "$TestDrive/$(New-Guid)"
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Host' # where NO_COLOR is set, PowerShell takes the colours out itself
        try { $said = @(Invoke-InPlace $In $body -Store $store *>&1 | Where-Object { $_ -isnot [FlowTaskState] -and "$_" -ne '' }) }
        finally { $PSStyle.OutputRendering = $rendering }
        $said | ForEach-Object { "$_".Trim() } | Should -BeExactly 'first', 'value', 'text', "${label}: between", 'ui', 'line', 'red', "${label}: wrong",
            "${label}: careful",
            "${label}: a detail", "${label}: why", 'default', 'shown', 'last'
        $said.Where{ $_ -is [Management.Automation.InformationRecord] }.Source | Select-Object -Unique | Should -BeExactly $label
        ($said | Where-Object { "$_" -eq 'red' }).MessageData.ForegroundColor | Should -Be 'Red'
        $log = Get-FlowRun -Store $store | Get-FlowLog | Where-Object { $_.Task -eq $label -and $_.Stream -ne 'State' -and $_.Text }
        $log | ForEach-Object { "$($_.Stream) $($_.Text.Trim())" } | Should -BeExactly 'Host first', 'Host value', 'Host text', 'Warning between', 'Host ui',
            'Host line', 'Host red', 'Error wrong', 'Warning careful', 'Verbose a detail', 'Debug why', 'Host default', 'Information shown', 'Host last'
    }

    It 'secrets in it are masked too, and colours are not on record, <How>' -TestCases @(
        @{ How = 'in the session'; With = @{} }
        @{ How = 'beside it'; With = @{ ThrottleLimit = 2 } }
    ) {
        $flow = New-Flow secret -Store "$TestDrive/$(New-Guid)" {
            task key { 'hunter2-hunter2' } -Sensitive
            task use {
                param($key)
                "a $key" | Out-Host; $Host.UI.WriteLine("b $key"); $Host.UI.WriteErrorLine("c $key")
                $e = [char] 27; Write-Host "$e[31mred$e[0m hunter2-$e[1mhunter2$e[0m"
            } -InputFrom @{ key = 'key' }
        }
        $said = "$(Invoke-Flow $flow @With *>&1 | Where-Object { $_ -isnot [FlowState] })"
        $said | Should -BeLike '*a (secret)*b (secret)*c (secret)*'
        "$((Get-FlowLog $flow -Task use -Stream Host, Error).Text)" | Should -BeExactly 'a (secret) b (secret) c (secret) red (secret)'
    }

    It 'a text is as wide, and the window as large, as in the session, <Place>' -ForEach (Get-TaskPlace) {
        $sizes = {
            "$([pscustomobject] @{ a = 'x' * 300; b = 1 } | Format-Table | Out-String)"
            $raw = $Host.UI.RawUI; "$($raw.BufferSize) $($raw.WindowSize) $($raw.ForegroundColor)"; $Host.UI.SupportsVirtualTerminal
        }
        (Invoke-InPlace $In $sizes).Result | Should -BeExactly @(& $sizes)
    }

    It 'progress comes to the caller, <Place>' -ForEach (Get-TaskPlace) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($tests, $in)
            Import-Module "$tests/PrefectPS.Testing.psm1"
            . "$tests/Places.ps1"
            $null = Invoke-InPlace $in {
                if ($PSVersionTable.PSVersion -ge [version] '7.5') { Write-Progress -Completed } # without a word
                Write-Progress own half -PercentComplete 50
            }
        }).AddParameters(@{ tests = $PSScriptRoot; in = $In }).Invoke()
        @($shell.Streams.Progress | Where-Object Activity -EQ 'own').PercentComplete | Should -Contain 50
    }

    It 'a caller''s <Preference> neither ends a run nor asks for what it says, and all comes on its stream: <Stream> by <By>, <Place>' -ForEach @(
        foreach ($place in @{ Place = 'in the session'; With = @{} }, @{ Place = 'beside it'; With = @{ ThrottleLimit = 2 } }) {
            foreach ($preference in 'Stop', 'Inquire') {
                foreach ($stream in 'Error', 'Warning', 'Verbose', 'Debug', 'Information') {
                    $variable = if ($stream -eq 'Error') { 'ErrorActionPreference' } else { "${stream}Preference" }
                    $place + @{ Preference = $preference; Stream = $stream; By = "`$$variable"; Variable = $variable; Parameter = @{} }
                    if ($stream -in 'Error', 'Warning', 'Information') {
                        $place + @{ Preference = $preference; Stream = $stream; By = "-${stream}Action"; Variable = 'none'; Parameter = @{ "${stream}Action" = $preference } }
                    }
                }
            }
        }
    ) {
        # In a session of its own, with a host that has nobody to ask.
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($tests, $variable, $preference, $with)
            Import-Module "$tests/PrefectPS.Testing.psm1"
            $caller = 'seen by no task'
            $flow = New-Flow loud -ErrorActionPreference Continue -Parameter @{ missing = 'x' } {
                task a {
                    Write-Error 'odd' -ErrorAction Continue; Write-Warning 'careful' -WarningAction Continue; Write-Verbose 'a detail' -Verbose
                    & { $DebugPreference = 'Continue'; Write-Debug 'why' }; Write-Information 'news' -InformationAction Continue
                    $Host.UI.WriteWarningLine('by the host')
                }
                task b { "$caller" } -Timeout 60 -After a
            }
            Set-Variable $variable $preference
            Invoke-Flow $flow @with -WarningVariable warned -ErrorVariable failed *>&1
            "warned: $warned, failed: $failed"
        }).AddParameters(@{ tests = $PSScriptRoot; variable = $Variable; preference = $Preference; with = $With + $Parameter })
        $said = @($shell.Invoke())
        $shell.Streams.Error | Should -BeNullOrEmpty
        ($said | Where-Object { $_.State }).State | Should -BeExactly 'Success'
        $by = @{}
        foreach ($record in $said) { $by[$record.GetType().Name] += @("$record") }
        $by.ErrorRecord | Should -BeExactly 'a: odd'
        $by.WarningRecord | Should -HaveCount 3
        $by.WarningRecord[0, 1] | Should -BeExactly 'a: careful', 'a: by the host'
        $by.WarningRecord[2] | Should -BeLike '*$caller*$using:caller*'
        $by.VerboseRecord | Should -Contain 'a: a detail'
        $by.DebugRecord | Should -BeExactly 'a: why'
        $by.InformationRecord | Should -Contain 'news'
        $said[-1] | Should -BeExactly "warned: $($by.WarningRecord), failed: a: odd"
    }

    It 'a body that writes under Inquire asks, which is an error at once where nobody answers, <Place>' -ForEach (Get-TaskPlace) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($tests, $in)
            Import-Module "$tests/PrefectPS.Testing.psm1"
            . "$tests/Places.ps1"
            $WarningPreference = 'Inquire'
            Invoke-InPlace $in { Write-Warning 'careful'; 'went on' } 3>$null
        }).AddParameters(@{ tests = $PSScriptRoot; in = $In })
        $state = $shell.Invoke()[-1]
        $state.State | Should -BeExactly 'Failed'
        $state.Message | Should -Not -BeLike '*went on*'
    }

    It 'what a program wrote that failed is in the message of the task' {
        $run = New-Flow failing { task a { sh -c 'echo because >&2; exit 3' } } | Invoke-Flow 2>$null
        $run.Tasks[0].Message | Should -BeLike '*exit code: 3*It wrote: because'
    } -Skip:$IsWindows

    It 'a task that runs a flow itself tells of both' {
        $inner = New-Flow inner { task deep { Write-Warning 'careful' } }
        $said = New-Flow outer { task a { (Invoke-Flow $inner).State } } | Invoke-Flow 3>&1
        "$($said[0])" | Should -BeExactly 'a: deep: careful'
        "$(New-Flow plain { task b { Write-Warning 'after' } } | Invoke-Flow 3>&1 | Select-Object -First 1)" | Should -BeExactly 'b: after'
    }

    It 'after a run the session is as it was' {
        $null = Invoke-Flow (New-Flow one { task a { Write-Warning 'careful' } }) 3>$null
        "$(& { Write-Warning 'mine' } 3>&1)" | Should -BeExactly 'mine'
        $stop = New-Flow stopped { task a { throw 'x' } }
        $null = Invoke-Flow $stop
        "$(& { Write-Warning 'mine' } 3>&1)" | Should -BeExactly 'mine'
    }

    It 'what a handler writes is its own' {
        $said = New-Flow handled -StateHandler { Write-Warning 'from a handler' } { task a { } } | Invoke-Flow 3>&1
        "$($said[0])" | Should -BeExactly 'from a handler'
    }
}
