BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    # A step in a process of its own, whose flow is defined by the text.
    function Start-Step([string] $Definition, [string] $Options = '') {
        $line = "Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; `$folder = '$folder'; " +
            "Invoke-FlowStep (New-Flow crashing -Store '$folder' { $Definition }) -RunId run $Options | Out-Null; Add-Content '$folder/after.txt' after"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-EncodedCommand', $encoded)
        Start-Process $program -ArgumentList $arguments -PassThru -RedirectStandardError (Join-Path $folder 'errors.txt')
    }

    function Invoke-Step([string] $Definition, [string] $Options = '') {
        $process = Start-Step $Definition $Options
        $process.WaitForExit(60000) | Should -BeTrue
    }

    function Get-State([string] $Definition) { Get-FlowRun (New-Flow crashing -Store $folder ([scriptblock]::Create($Definition))) -RunId run }

    function Get-Begun { @(Get-Content (Join-Path $folder 'begun.txt') -ErrorAction Ignore) }
}

Describe 'A task that ends its process' {
    BeforeEach { $folder = New-TestFolder }

    It 'is Failed after so many deaths, reported by -OnFailure, and the rest of the flow continues' {
        $definition = @"
            task first { Add-Content '$folder/begun.txt' first }
            task killer { Add-Content '$folder/begun.txt' killer; [Environment]::FailFast('dead') } -MaxCrashes 2 -MaxRetries 3 -OnFailure { Add-Content '$folder/told.txt' `$args[1].Message }
            task beside { Add-Content '$folder/begun.txt' beside }
            task after { } -After killer
            task clean { Add-Content '$folder/begun.txt' clean } -After killer -Trigger AllFinished
"@
        1..3 | ForEach-Object { Invoke-Step $definition }
        Get-Begun | Should -BeStrictly 'first', 'killer', 'killer', 'killer'
        Invoke-Step $definition
        Get-Begun | Should -BeStrictly 'first', 'killer', 'killer', 'killer', 'beside', 'clean'
        $told = @(Get-Content (Join-Path $folder 'told.txt'))
        $told | Should -HaveCount 1
        $told[0] | Should -BeLike "The process ended unexpectedly 2 times while the task ran alone: step 2 on $([Environment]::MachineName), step 3 on *"
        $flow = New-Flow crashing -Store $folder ([scriptblock]::Create($definition))
        $run = Get-FlowRun $flow -RunId run
        $run.State | Should -Be 'Failed'
        $killer = $run | Get-FlowTask killer
        $killer.Error.Id, $killer.RunCount | Should -BeStrictly 'FlowTaskCrashed', 1
        ($flow.Tasks | Where-Object Name -EQ killer).MaxCrashes, $flow.MaxCrashes | Should -BeStrictly 2, 3
        Get-Content (Join-Path $folder 'after.txt') | Should -BeStrictly 'after'
    }

    It 'beside others, which are not blamed' {
        $definition = @"
            task killer { Start-Sleep -Milliseconds 200; [Environment]::FailFast('dead') } -MaxCrashes 1
            1..4 | ForEach-Object { task "t`$_" { Start-Sleep -Milliseconds 400 } }
"@
        1..3 | ForEach-Object { Invoke-Step $definition '-ThrottleLimit 5' }
        $tasks = Get-State $definition | Get-FlowTask
        $tasks.State | Should -BeStrictly 'Failed', 'Success', 'Success', 'Success', 'Success'
    }

    It 'a step that is told to end by a signal ends at once, says so, and nothing of its script follows, <Name>' -Skip:($IsWindows -or $PSVersionTable.PSEdition -ne 'Core' -or $env:PREFECTPS_BUILD -eq 'netstandard2.0') -ForEach @(
        @{ Name = 'in the session'; Beside = ''; Signal = 'TERM' }
        @{ Name = 'beside it'; Beside = '-Timeout 60'; Signal = 'TERM' }
        # Who was begun by nohup does not hear it, and what it begins does not.
        if (-not (Select-String '^SigIgn:.*[13579bdf]$' /proc/self/status -ErrorAction SilentlyContinue)) { @{ Name = 'as its terminal is closed'; Beside = ''; Signal = 'HUP' } }
    ) {
        $definition = "task t { Add-Content '$folder/begun.txt' t; Start-Sleep 30 } -MaxCrashes 1 $Beside"
        1..2 | ForEach-Object {
            $process = Start-Step $definition
            for ($i = 0; $i -lt 600 -and (Get-Begun).Count -lt $_; $i++) { Start-Sleep -Milliseconds 50 }
            /bin/kill "-$Signal" $process.Id
            $process.WaitForExit(15000) | Should -BeTrue
        }
        Get-Begun | Should -BeStrictly 't', 't'
        Join-Path $folder 'after.txt' | Should -Not -Exist
        Invoke-Step "task t { Add-Content '$folder/begun.txt' done } -MaxCrashes 1"
        (Get-State $definition).State | Should -Be 'Success'
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'no number below 1'; Block = { New-Flow f { task t { } -MaxCrashes 0 } }; Message = '*MaxCrashes*' }
        @{ Name = 'no subflow'; Block = { $s = New-Flow s { task t { } }; New-Flow f { task t -Subflow $s -MaxCrashes 2 } }; Message = '*-MaxCrashes only applies to a script block*' }
    ) {
        $Block | Should -Throw $Message
    }
}
