BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'
}

AfterAll {
    Stop-PlacedWorker
}

Describe 'What leaves a body fails its task' {
    It '<Name>, in <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'exit'; Body = { 'half'; exit 3; 'rest' }; Says = '*called exit 3*' }
            @{ Name = 'exit 0'; Body = { 'half'; exit }; Says = '*called exit 0*' }
            @{ Name = 'exit in a function'; Body = { function f { exit 4 }; f; 'rest' }; Says = '*called exit 4*' }
            @{ Name = 'exit in a nested block'; Body = { 1, 2 | ForEach-Object { exit 5 } }; Says = '*called exit 5*' }
            @{ Name = 'exit in try and finally'; Body = { try { exit 6 } catch { 'caught' } finally { $null = 1 } }; Says = '*called exit 6*' }
            @{ Name = 'break'; Body = { 'half'; break; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'continue'; Body = { 'half'; continue; 'rest' }; Says = "*'continue'*outside a loop*" }
            @{ Name = 'break to a label'; Body = { 'half'; break outer; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'break in ForEach-Object'; Body = { 1, 2 | ForEach-Object { break }; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'continue in a function'; Body = { function f { continue }; f; 'rest' }; Says = "*'continue'*outside a loop*" }
            @{ Name = 'a stopped pipeline'; Body = { 'half'; throw [Management.Automation.PipelineStoppedException]::new() }; Says = '*stopped its own pipeline*' }
        )) {
        foreach ($label in 1, 2) { $state = Invoke-InPlace $In $Body }
        $label | Should -Be 2
        $state.State | Should -BeExactly 'Failed'
        $state.Message | Should -BeLikeExactly $Says
        $state.Result | Should -Be $null
    }

    It 'a shell that was stopped fails the task that waits for it, in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In {
            $shell = [powershell]::Create().AddScript("'up'; Start-Sleep 60")
            $none, $output = 1, 2 | ForEach-Object { , [Management.Automation.PSDataCollection[psobject]]::new() }
            $wait = $shell.BeginInvoke($none, $output)
            while (-not $output.Count) { Start-Sleep -Milliseconds 5 }
            $shell.Stop()
            $shell.EndInvoke($wait)
            'rest'
        }
        $state.State | Should -BeExactly 'Failed'
    }

    It 'what stays inside fails nothing, in <Place>' -ForEach (Get-TaskPlace) {
        $script = Join-Path (New-TestFolder) 'ends.ps1'
        Set-Content $script "'from script'; exit 7"
        $env:PLACES_SCRIPT = $script
        $state = Invoke-InPlace $In {
            foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }
            & $env:PLACES_SCRIPT
            "code $LASTEXITCODE"
            1..9 | Select-Object -First 1
        }
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeStrictly 1, 3, 'from script', 'code 7', 1
    }

    It 'an option <Name> that ends with <Way> fails its task' -ForEach @(
        foreach ($way in 'exit 2', 'break', 'continue', 'throw [Management.Automation.PipelineStoppedException]::new()') {
            $block = [scriptblock]::Create($way)
            @{ Name = 'When'; Way = $way; Task = @{ When = $block } }
            @{ Name = 'StateHandler'; Way = $way; Task = @{ StateHandler = $block } }
            @{ Name = 'Trigger'; Way = $way; Task = @{ Trigger = $block } }
        }
    ) {
        $flow = New-Flow options
        Add-FlowTask $flow first { 1 }
        Add-FlowTask $flow body { 2 } -After first @Task
        Add-FlowTask $flow other { 3 } -After first
        $run = Invoke-Flow $flow
        $run.Tasks[1].IsFailed | Should -BeTrue
        $run.Tasks[2].State | Should -BeExactly 'Success'
    }
}

Describe 'Variables' {
    BeforeAll {
        function Get-Warning([scriptblock] $Call) {
            # What a call warns of; its output is dropped.
            @(& $Call 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object { $_.Message })
        }
    }

    It 'using of a variable that is not set is an error before the body runs, in <Place>: <Name>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'in the body'; Body = { $env:PLACES_RAN = 1; $using:never_set } }
            @{ Name = 'in a nested block'; Body = { $env:PLACES_RAN = 1; 1 | ForEach-Object { $using:never_set } } }
            @{ Name = 'in a text'; Body = { $env:PLACES_RAN = 1; "<$using:never_set>" } }
            @{ Name = 'splatted'; Body = { $env:PLACES_RAN = 1; Get-Item @using:never_set } }
            @{ Name = 'a member'; Body = { $env:PLACES_RAN = 1; $using:never_set.Name[0] } }
        )) {
        $env:PLACES_RAN = $null
        $state = Invoke-InPlace $In $Body
        $state.State | Should -BeExactly 'Failed'
        $state.Message | Should -BeLikeExactly '*$using:never_set*not set*'
        $env:PLACES_RAN | Should -BeNullOrEmpty
    }

    It 'using of a variable that is null or false is its value, in <Place>' -ForEach (Get-TaskPlace) {
        $nothing = $null
        $no = $false
        $state = Invoke-InPlace $In { $null -eq $using:nothing; $using:no; "$($using:env:PATH -eq $env:PATH)" }
        $state.Result | Should -BeStrictly $true, $false, 'True'
    }

    It 'using in every place of a block, in <Place>' -ForEach (Get-TaskPlace) {
        $arr = 7, 8
        $table = @{ key = @{ inner = 'deep' } }
        $params = @{ InputObject = 5, 6; Index = 1 }
        $state = Invoke-InPlace $In {
            'x' | ForEach-Object { $using:arr[0] }
            & { & { $using:table.key.inner } }
            "$using:arr and $($using:table.key.inner)"
            1, 2 | Where-Object { $_ -eq ($using:arr)[1] - 6 }
            (1, 2).ForEach({ $_ + $using:arr[0] })
            ($using:params).Count
            foreach ($i in 0, 1) { ($using:arr)[$i] }
        }
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeStrictly 7, 'deep', '7 8 and deep', 2, 8, 9, 2, 7, 8
    }

    It 'a block that is named by using is called, where it need not travel: it is code, in <Place>' -ForEach (Get-TaskPlace) {
        $sb = { "called with $args" }
        $state = Invoke-InPlace $In { & $using:sb 9 }
        if ($In['Worker']) { $state.Message | Should -BeLike '*`$using:sb cannot be sent to a worker*scriptblock*' } else { $state.Result | Should -BeStrictly 'called with 9' }
    }

    It 'using splats, in <Place>' -ForEach (Get-TaskPlace) {
        $params = @{ Property = 'Length'; Minimum = $true }
        (Invoke-InPlace $In { ('abc', 'de' | Measure-Object @using:params).Minimum }).Result | Should -Be 2
    }

    It 'using in the block of a command that runs it elsewhere is the command''s, in <Place>' -Skip:($PSVersionTable.PSVersion -lt [version] '7.4') -ForEach (
        Get-TaskPlace
    ) {
        $local = 'the caller''s'
        $state = Invoke-InPlace $In {
            $local = 'the body''s'
            1 | ForEach-Object -Parallel { $using:local }
            1 | ForEach-Object -Par { "$using:local" } -ThrottleLimit 2
            Start-ThreadJob { $using:local } | Receive-Job -Wait -AutoRemoveJob
            $kept = { $using:local }
            Start-ThreadJob -ScriptBlock $kept | Receive-Job -Wait -AutoRemoveJob
        }
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeStrictly 'the body''s', 'the body''s', 'the body''s', 'the body''s'
    }

    It 'such a block alone does not take a task out of the session' -Skip:($PSVersionTable.PSVersion -lt [version] '7.4') {
        $word = 'seen'
        (Invoke-InPlace @{} { $word; $own = 2; 1 | ForEach-Object -Parallel { $using:own } }).Result | Should -BeStrictly 'seen', 2
    }

    It 'the block of a function takes using and parameters of any form' {
        $server = 's1'
        function One($a, $b = 2) { "$a $b $using:server" }
        function Two { param([int] $a) "$a $using:server" }
        function Three(
            $a, # a remark (with a brace)
            $b = 3) {
            "$a $b $using:server"
        }
        function Four { $using:server }
        $run = New-Flow functions {
            task one ${function:One} -Argument @{ a = 1 }
            task two ${function:Two} -Argument @{ a = 1 }
            task three ${function:Three} -Argument @{ a = 1 }
            task four ${function:Four}
        } | Invoke-Flow
        $run.Tasks.Result | Should -BeExactly '1 2 s1', '1 s1', '1 3 s1', 's1'
    }

    It 'using works in handlers, conditions, triggers and targets' {
        $log = [Collections.Generic.List[string]]::new()
        $yes = $true
        $folder = New-TestFolder
        $name = 'named'
        $run = New-Flow options -Store $folder {
            task first { 1 } -StateHandler { param($task, $old, $new) ($using:log).Add($new.State) }
            task next { 2 } -After first -Trigger { $using:yes } -When { $using:yes } -Target { "$using:name.json" }
            task broken { throw 'no' } -OnFailure { ($using:log).Add('told') }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Failed'
        $log | Should -BeExactly 'Running', 'Success', 'told'
        Get-ResultFile $folder | Should -Contain 'named.json'
        (New-Flow unset { task a { 1 } -When { $using:never_set } } | Invoke-Flow).Tasks[0].Message | Should -BeLikeExactly '*$using:never_set*not set*'
    }

    It 'a closure takes its variables along, in <Place>' -ForEach (Get-TaskPlace | Where-Object { -not $_.In['Map'] -and -not $_.In['Using'] }) {
        $blocks = foreach ($n in 1..2) { { "n=$n" }.GetNewClosure() }
        $n = 99
        (Invoke-InPlace $In $blocks[0]).Result | Should -BeExactly 'n=1'
    }

    It 'a variable of the caller that a body cannot see is warned of once a step, in <Place>' -ForEach (Get-TaskPlace -Beside) {
        $server = 's1'
        $target = 't1'
        $state = $null
        $warnings = Get-Warning { $script:state = Invoke-InPlace $In { "del $server/*"; $server; ${server}; $Server; "$target"; $unknown } }
        $warnings.Count | Should -Be 2
        $warnings[0] | Should -BeLikeExactly '*body*$server*$using:server*'
        $warnings[1] | Should -BeLikeExactly '*body*$target*$using:target*'
        $script:state.Result[0] | Should -BeExactly 'del /*'
    }

    It 'what is the body''s own is not warned of: <Name>' -ForEach @(
        @{ Name = 'assigned'; Body = { $x = 1; $x } }
        @{ Name = 'assigned by parts'; Body = { $x, $y = 1, 2; [int] $z = 3; "$x $y $z" } }
        @{ Name = 'added to'; Body = { $x += 1; $y++; "$x $y" } }
        @{ Name = 'foreach'; Body = { foreach ($x in 1, 2) { $x } } }
        @{ Name = 'by reference'; Body = { $null = [int]::TryParse('1', [ref] $x); $x } }
        @{ Name = 'Set-Variable'; Body = { Set-Variable x 1; New-Variable -Name y -Value 2; "$x $y" } }
        @{ Name = 'Set-Variable by a name that is made'; Body = { $n = 'x'; Set-Variable $n 1; "$x $y" } }
        @{ Name = 'Set-Item'; Body = { Set-Item variable:x 1; $x } }
        @{ Name = '-OutVariable'; Body = { $null = 1 | Write-Output -OutVariable x; $null = Get-Item . -ov +y; "$x $y" } }
        @{ Name = '-ErrorVariable and others'; Body = { Get-Item . -ErrorVar x -PipelineVariable y | ForEach-Object { "$x $y" } } }
        @{ Name = 'Tee-Object'; Body = { $null = 1 | Tee-Object -Variable x; $x } }
        @{ Name = 'dot-sourced'; Body = { . $env:PLACES_SCRIPT; "$x $y" } }
        @{ Name = 'dot-sourced block'; Body = { . { $x = 1 }; $x } }
        @{ Name = 'Invoke-Expression'; Body = { Invoke-Expression '$x = 1'; $x } }
        @{ Name = 'parameters of a function'; Body = { function f($x, [int] $y = 2) { "$x $y" }; f 1 } }
        @{ Name = 'parameters of a block'; Body = { & { param($x) $x } 1 } }
        @{ Name = 'scoped'; Body = { $script:x; $global:x; $env:x; $local:y } }
        @{ Name = 'scoped, and set so'; Body = { $script:x = 1; $x } }
        @{ Name = 'automatic'; Body = { $PID; $_; $args; $Matches; $HOME; $PWD; $PSVersionTable; $null; $true; $Error; $input } }
        @{ Name = 'preferences'; Body = { $VerbosePreference; $ErrorActionPreference; $OFS; $PSDefaultParameterValues.Count } }
        @{ Name = 'the context'; Body = { $FlowContext.TaskName } }
        @{ Name = 'of another command''s block'; Body = { if (0) { Invoke-Command -ComputerName a { $x }; Start-Job { $y } } } }
        @{ Name = 'a catch'; Body = { try { throw 'x' } catch { $_ } } }
        @{ Name = 'what the caller does not have'; Body = { $nowhere_at_all } }
        @{ Name = 'using'; Body = { $using:x } }
        @{ Name = 'a class'; Body = { class Point { [int] $x; [int] Get() { return $this.x } } } }
    ) {
        $env:PLACES_SCRIPT = Join-Path (New-TestFolder) 'sets.ps1'
        Set-Content $env:PLACES_SCRIPT '$x = 1; $y = 2'
        $x = 'caller'
        $y = 'caller'
        $z = 'caller'
        $flow = New-Flow own { task body $Body }
        Get-Warning { Invoke-Flow $flow -ThrottleLimit 2 } | Should -BeNullOrEmpty
        Get-Warning { Test-Flow $flow } | Should -BeNullOrEmpty
    }

    It 'what is the caller''s is warned of: <Name>' -ForEach @(
        @{ Name = 'read'; Body = { $x } }
        @{ Name = 'in a text'; Body = { "del $x/*" } }
        @{ Name = 'in an expression in a text'; Body = { "del $($x)" } }
        @{ Name = 'splatted'; Body = { if (0) { Get-Item @x } } }
        @{ Name = 'a member'; Body = { $x.Length } }
        @{ Name = 'an element that is set'; Body = { if ($x) { $x[0] = 1; $x.y = 2 } } }
        @{ Name = 'in a nested block'; Body = { 1 | ForEach-Object { $x } } }
        @{ Name = 'in a nested function'; Body = { function f { $x }; f } }
        @{ Name = 'for another command by using'; Body = { if (0) { Start-ThreadJob { $using:x } } } }
        @{ Name = 'a default of a parameter'; Body = { & { param($n = $x) $n } } }
        @{ Name = 'though a common parameter of another meaning is used'; Body = { Get-Item . -ErrorAction Stop; $x } }
    ) {
        $x = 'caller'
        $flow = New-Flow caller { task body $Body }
        Get-Warning { Invoke-Flow $flow -ThrottleLimit 2 } | Should -BeLikeExactly "*'body'*`$x*`$using:x*"
        Get-Warning { Test-Flow $flow } | Should -BeLikeExactly "*'body'*`$x*a throttle, a timeout or on a worker*"
        Get-Warning { Invoke-Flow $flow } | Should -BeNullOrEmpty
        $outer = New-Flow outer { task part -Subflow $flow }
        Get-Warning { Test-Flow $outer } | Should -BeLikeExactly "*'part/body'*"
    }

    It 'a function that a body cannot see is named with the remedy, in <Place>' -ForEach (Get-TaskPlace -Beside) {
        function Get-Helper { 'help' }
        $state = Invoke-InPlace $In { Get-Helper }
        $state.Message | Should -BeLikeExactly "*'Get-Helper'*-InitializationScript*"
        (Invoke-InPlace $In { Get-NothingAtAll }).Message | Should -Not -BeLike '*InitializationScript*'
    }
}

Describe 'Blocks of any form' {
    It 'begin, process, end and clean run as & runs them, in <Place>' -ForEach (Get-TaskPlace | Where-Object { -not $_.In['Map'] -and -not $_.In['Using'] }) {
        (Invoke-InPlace $In { begin { 'b' } process { 'p' } end { 'e' } }).Result | Should -BeExactly 'b', 'p', 'e'
        (Invoke-InPlace $In { process { 'only' } }).Result | Should -BeExactly 'only'
        (Invoke-InPlace $In { end { 'only' } }).Result | Should -BeExactly 'only'
        if ($PSVersionTable.PSVersion -ge [version] '7.4') {
            $block = [scriptblock]::Create("begin { 'b' } end { 'e' } clean { `$env:PLACES_CLEAN = 'cleaned' }")
            $env:PLACES_CLEAN = $null
            (Invoke-InPlace $In $block).Result | Should -BeExactly 'b', 'e'
            $env:PLACES_CLEAN | Should -BeExactly 'cleaned'
        }
    }

    It 'they do as handlers, conditions, triggers and definitions, too' {
        $log = [Collections.Generic.List[string]]::new()
        $run = New-Flow formed {
            begin { $word = 'defined' }
            end {
                task first { $word } -StateHandler { param($task, $old, $new) begin { $log.Add('b') } process { $log.Add($new.State) } }
                task next { 2 } -After first -Trigger { process { $true } } -When { begin { $null = 1 } end { $true } }
                task broken { throw 'no' } -OnFailure { process { $log.Add('told') } } -MaxRetries 1 -RetryOn { process { $false } }
            }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Failed'
        $run.Tasks[0].Result | Should -BeExactly 'defined'
        $log | Should -BeExactly 'b', 'Running', 'b', 'Success', 'told'
    }
}

Describe 'The definition block' {
    It 'leaves its variables and functions to its tasks in the session, <Place>' -ForEach (Get-TaskPlace | Where-Object { -not $_.In['Beside'] }) {
        $word = 'outer'
        $flow = New-Flow defined {
            $word = 'inner'
            $list = 1, 2
            function Get-Own { "own $word" }
            foreach ($last in 'x', 'y') { }
            task a { "$word $($list.Count) $(Get-Own) $last"; $word = 'changed' }
            task b { $word } -After a -When { $word -eq 'inner' }
            task c { 3 } -StateHandler { param($task, $old, $new) if ($word -ne 'inner') { throw 'not seen' } }
        }
        (Invoke-Flow $flow).Tasks.Result | Should -BeStrictly 'inner 2 own inner y', 'inner', 3
        $word | Should -BeExactly 'outer'
        $null = Get-Command Get-Own -ErrorAction SilentlyContinue -ErrorVariable none
        $none | Should -Not -BeNullOrEmpty
    }

    It 'is warned of beside it, and using takes its variables along' {
        $flow = New-Flow defined {
            $inside = 'inside'
            task reads { "<$inside>" }
            task uses { "<$using:inside>" }
        }
        $run = Invoke-Flow $flow -ThrottleLimit 2 -WarningVariable warnings -WarningAction SilentlyContinue
        $run.Tasks.Result | Should -BeExactly '<>', '<inside>'
        $warnings.Count | Should -Be 1
        $warnings[0].Message | Should -BeLikeExactly "*'reads'*`$using:inside*"
    }

    It 'leaves the variables of closures alone, and those of other flows' {
        $run = New-Flow closures {
            foreach ($n in 1..3) { task "t$n" { $n }.GetNewClosure() }
        } | Invoke-Flow
        $run.Tasks.Result | Should -BeStrictly 1, 2, 3
        $word = 'outer'
        $flow = New-Flow defined { $word = 'inner'; task a { $word } }
        Add-FlowTask $flow later { $word }
        $inner = New-Flow other { task b { $word } }
        Add-FlowTask $flow part -Subflow $inner
        (Invoke-Flow $flow).Tasks.Result | Should -BeExactly 'inner', 'outer', 'outer'
    }
}

Describe 'What -RetryOn is given' {
    It 'is what a catch has: <Name>, in <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'a throw'; Body = { throw 'busy' }; On = { $_.Exception.Message -eq 'busy' -and $_.FullyQualifiedErrorId -eq 'busy' } }
            @{ Name = 'an exception'; Body = { throw [TimeoutException]::new('slow', [IO.IOException]::new('inner')) }
                On = { $_.Exception -is [TimeoutException] -and $_.Exception.InnerException.Message -eq 'inner' }
            }
            @{ Name = 'of a method'; Body = { [IO.File]::ReadAllText('/no/such/file') }; On = { $_.Exception.InnerException -is [IO.IOException] } }
            @{ Name = 'of a command'; Body = { Get-Item /no/such/item }
                On = { param($e) $e.CategoryInfo.Category -eq 'ObjectNotFound' -and $e.TargetObject -eq '/no/such/item' -and $e.Exception.ItemName }
            }
            @{ Name = 'of the language'; Body = { $zero = 0; 1 / $zero }; On = { $_.Exception.InnerException -is [DivideByZeroException] } }
            @{ Name = 'of Write-Error'; Body = { Write-Error 'no' -ErrorId Own }; On = { $_.FullyQualifiedErrorId -like 'Own*' -and "$_" -eq 'no' } }
        )) {
        $log = [Collections.Generic.List[string]]::new()
        $told = { param($task, $old, $new) if ($new.State -eq 'Retrying') { $log.Add('again') } }
        $state = Invoke-InPlace $In $Body -Task @{ MaxRetries = 1; RetryOn = $On; StateHandler = $told }
        $state.State | Should -BeExactly 'Failed'
        @($log | Where-Object { $_ }).Count | Should -BeGreaterOrEqual 1
    }

    It 'has the exit code of a program, in <Place>' -Skip:($PSVersionTable.PSVersion -lt [version] '7.4') -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In { if ($IsWindows) { cmd /c 'exit 7' } else { sh -c 'exit 7' } } -Task @{ MaxRetries = 1; RetryOn = { $_.Exception.ExitCode -eq 7 } }
        $state.RunCount | Should -Be 2
    }

    It 'has no such property: the step says so and the rest of the block counts' {
        $flow = New-Flow missing {
            task a { throw 'busy' } -MaxRetries 1 -RetryOn { $_.Exception.StatusCode -eq 503 -or $_.Exception.Message -eq 'busy' }
            task b { throw 'busy' } -MaxRetries 1 -RetryOn { param($e) $e.Missing -eq 'busy' }
            task c { throw 'busy' } -MaxRetries 1 -RetryOn { $never_set -or $_.Exception.Message -eq 'busy' }
        }
        $run = Invoke-Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
        $run.Tasks.RunCount | Should -BeStrictly 2, 1, 2
        $warnings.Count | Should -Be 2
        $warnings[0].Message | Should -BeLikeExactly "*'a'*StatusCode*"
        $warnings[1].Message | Should -BeLikeExactly "*'b'*Missing*"
    }
}

Describe 'An error that a body writes' {
    It 'is the same record for the caller, in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In {
            $record = [Management.Automation.ErrorRecord]::new([TimeoutException]::new('slow', [IO.IOException]::new('inner')), 'Own', 'OperationTimeout', 7)
            $record.ErrorDetails = 'in other words'
            Write-Error $record -ErrorAction Continue
            'went on'
        } -Run @{ ErrorVariable = '+global:PlacedErrors'; ErrorAction = 'SilentlyContinue' }
        $state.Result | Should -BeExactly 'went on'
        $written = @($global:PlacedErrors | Where-Object { $_.FullyQualifiedErrorId -like 'Own*' })
        Remove-Variable PlacedErrors -Scope Global
        $written.Count | Should -Be 1
        $written[0].Exception | Should -BeOfType TimeoutException
        $written[0].Exception.InnerException | Should -BeOfType IO.IOException
        "$($written[0])" | Should -BeLikeExactly '*body*: in other words'
        $written[0].CategoryInfo.Category | Should -BeExactly 'OperationTimeout'
        $written[0].TargetObject | Should -BeExactly 7
    }
}

Describe 'Programs' -Skip:(-not $IsLinux) {
    It 'what one that fails writes to its standard error is kept with the error, in <Place>' -ForEach (Get-TaskPlace -Beside) {
        $state = Invoke-InPlace $In {
            sh -c 'echo "of another one" >&2'
            sh -c 'echo "no such bucket" >&2; echo "try again" >&2; exit 3'
        } 2>$null
        $state.State | Should -BeExactly 'Failed'
        $state.Message | Should -BeLikeExactly "*3*It wrote: no such bucket`ntry again"
    }

    It 'what is kept is bounded: the newest' {
        $state = Invoke-InPlace @{ Throttle = 2 } { sh -c 'for i in $(seq 1 2000); do echo "line $i" >&2; done; exit 1' } 2>$null
        $state.Message.Length | Should -BeLessThan 2200
        $state.Message | Should -BeLikeExactly '*line 2000'
    }

    It 'a timeout ends what a program has started, and nothing of another body' {
        $folder = New-TestFolder
        $flow = New-Flow programs {
            task slow {
                param($folder)
                sh -c "echo `$`$ > $folder/sh; sleep 61 & echo `$! > $folder/child; (sleep 62; true) & echo `$! > $folder/deep; wait; sleep 63"
            } -Argument @{ folder = $folder } -Timeout 3
            task other {
                param($folder)
                sh -c "sleep 8 & echo `$! > $folder/other; wait; echo well"
            } -Argument @{ folder = $folder }
        }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run = Invoke-Flow $flow -ThrottleLimit 2
        $run.Tasks.State | Should -BeExactly 'TimedOut', 'Success'
        $run.Tasks[1].Result | Should -BeExactly 'well'
        ($run.Tasks[0].EndTime - $run.Tasks[0].StartTime).TotalSeconds | Should -BeLessThan 12
        foreach ($name in 'sh', 'child', 'deep') {
            $id = [int] (Get-Content "$folder/$name")
            for ($tries = 0; $tries -lt 200 -and (Get-Process -Id $id -ErrorAction Ignore); $tries++) { Start-Sleep -Milliseconds 10 }
            Get-Process -Id $id -ErrorAction Ignore | Should -Be $null -Because "$name has ended"
        }
    }

    It 'a program that a body has set free lives on' {
        $file = Join-Path (New-TestFolder) 'id'
        $run = New-Flow free {
            task leaves {
                param($file)
                (Start-Process sleep 20 -PassThru).Id | Set-Content $file
                sh -c 'sleep 64'
            } -Argument @{ file = $file } -Timeout 1.5
        } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'TimedOut'
        $process = Get-Process -Id (Get-Content $file)
        $process.HasExited | Should -BeFalse
        $process.Kill()
    }
}
