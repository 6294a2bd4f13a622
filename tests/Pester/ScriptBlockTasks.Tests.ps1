BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'ScriptBlockTasks' {
    BeforeAll {
        function Get-Result([scriptblock] $Body, [hashtable] $Argument = @{}) {
            # What a task with this body returns; its failure is the check's.
            $task = (New-Flow single { task body $Body -Argument $Argument } | Invoke-Flow).Tasks[0]
            if ($task.State -ne 'Success') { throw "the task is $($task.State): $($task.Message)" }
            , $task.Result
        }
    }

    It 'no output is not a result, one object is the result, several are an array' {
        Get-Result { } | Should -Be $null
        Get-Result { 'one' } | Should -BeExactly 'one'
        Get-Result { 1, 2, 3 } | Should -BeStrictly 1, 2, 3
        Get-Result { 1; 2 } | Should -BeStrictly 1, 2
    }

    It 'an array that is put out whole is the result' {
        Get-Result { , @(7) } | Should -BeStrictly @(7)
        , (Get-Result { , @() }) | Should -BeStrictly @()
    }

    It 'a result is the object itself' {
        $list = [Collections.Generic.List[int]]::new()
        [object]::ReferenceEquals($list, (Get-Result { , $list })) | Should -BeTrue -Because 'it is the same object'
        (Get-Result { 1 }).GetType().Name | Should -BeExactly 'Int32'
    }

    It 'parameters are bound by name, from results and constants' {
        $run = New-Flow bound {
            task ten { 10 }
            task word { 'ten' }
            task both {
                param($text, $number, $factor)
                "$text $($number * $factor)"
            } -InputFrom @{ number = 'ten'; text = 'word' } -Argument @{ factor = 3 }
        } | Invoke-Flow
        $run.Tasks[2].Result | Should -BeExactly 'ten 30'
    }

    It 'an input makes its task an upstream one' {
        $flow = New-Flow bound { task a { 1 }; task b { param($x) $x } -InputFrom @{ x = 'a' } }
        @($flow.Tasks[1].Upstream) | Should -BeExactly 'a'
    }

    It 'parameters that are not given have their defaults' {
        Get-Result { param($x, $y = 5) "x=$x, y=$y" } @{ x = 1 } | Should -BeExactly 'x=1, y=5'
        Get-Result { param($x, $y) "x=$x, y=$y" } @{ y = 2 } | Should -BeExactly 'x=, y=2'
    }

    It 'parameters are converted to their types' {
        Get-Result { param([int] $n) $n.GetType().Name; $n } @{ n = '42' } | Should -BeStrictly 'Int32', 42
    }

    It 'a value that does not fit its parameter fails the task' {
        $run = New-Flow bound { task a { param([int] $n) $n } -Argument @{ n = 'many' } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
        $run.Tasks[0].Message | Should -BeLikeExactly '*many*'
    }

    It 'validation and mandatory parameters hold' {
        Get-Result { param([Parameter(Mandatory)][ValidateRange(1, 5)][int] $n) $n } @{ n = 3 } | Should -BeStrictly 3
        $run = New-Flow bound { task a { param([ValidateRange(1, 5)][int] $n) $n } -Argument @{ n = 9 } } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Failed'
    }

    It 'an array is one argument' {
        Get-Result { param($items) $items.Count } @{ items = 1, 2, 3 } | Should -BeStrictly 3
        $run = New-Flow bound {
            task three { 1, 2, 3 }
            task count { param($items) $items.Count } -InputFrom @{ items = 'three' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeStrictly 3
    }

    It 'null and false are arguments, too' {
        Get-Result { param($nothing, $no) ($null -eq $nothing); $no } @{ nothing = $null; no = $false } | Should -BeStrictly $true, $false
    }

    It 'switches are bound by name' {
        Get-Result { param([switch] $Force) $Force.IsPresent } @{ Force = $true } | Should -BeStrictly $true
    }

    It 'a block with CmdletBinding is called as such' {
        Get-Result { [CmdletBinding()] param([Parameter()] $x) ($null -ne $PSCmdlet); $x } @{ x = 5 } | Should -BeStrictly $true, 5
    }

    It 'begin, process and end blocks run once each' {
        (Get-Result { param($n) begin { 'begin' } process { 'process' } end { "end $n" } } @{ n = 1 }) |
            Should -BeExactly 'begin', 'process', 'end 1'
    }

    It 'a function''s block is a task''s block' {
        function Get-Double([int] $n) { $n * 2 }
        Get-Result ${function:Get-Double} @{ n = 4 } | Should -BeStrictly 8
    }

    It 'a task sees the variables and functions of the script around it' {
        $greeting = 'hello'
        function Get-Name { 'world' }
        Get-Result { "$greeting $(Get-Name)" } | Should -BeExactly 'hello world'
    }

    It 'a task''s own variables stay its own' {
        $mine = 'before'
        Get-Result { $mine = 'inside'; $mine } | Should -BeExactly 'inside'
        $mine | Should -BeExactly 'before'
    }

    It 'a closure keeps its values' {
        $blocks = foreach ($n in 1..3) { { $n }.GetNewClosure() }
        $n = 99
        $run = New-Flow closures { foreach ($i in 0..2) { task "t$i" $blocks[$i] } } | Invoke-Flow
        $run.Tasks.Result | Should -BeStrictly 1, 2, 3
    }

    It 'the context tells a task where it runs' {
        $flow = New-Flow told { task a { $FlowContext } }
        $run = Invoke-Flow $flow
        $context = $run.Tasks[0].Result
        @($context.FlowName, $context.TaskName, $context.Step, $context.RunCount) | Should -BeStrictly 'told', 'a', 1, 1
        $context.RunId | Should -BeExactly $run.RunId
        $context.CancellationToken.IsCancellationRequested | Should -BeExactly $false
    }

    It 'the context is gone after the task' {
        $null = Get-Result { $FlowContext.TaskName }
        $FlowContext | Should -Be $null
    }

    It 'warnings, verbose, debug and information go to the caller' {
        function Write-All {
            [CmdletBinding()] param()
            Write-Warning 'careful'
            Write-Verbose 'details'
            Write-Information 'news'
        }
        $flow = New-Flow loud { task a { Write-All -Verbose; 'result' } }
        $all = @(Invoke-Flow $flow 3>&1 4>&1 6>&1)
        @($all[0..2] | ForEach-Object { if ($_.PSObject.Properties['Message']) { $_.Message } else { "$_" } }) |
            Should -BeExactly 'a: careful', 'a: details', 'news'
        $all[3].Tasks[0].Result | Should -BeExactly 'result'
    }

    It 'output of native commands is lines' {
        $lines = Get-Result {
            if ($PSVersionTable['Platform'] -eq 'Unix') { sh -c 'echo one; echo two' } else { cmd /c 'echo one&echo two' }
        }
        $lines | Should -BeExactly 'one', 'two'
    }

    It 'functions of another module work in tasks as everywhere, in the middle of pipelines and around the run' {
        $null = New-Module -Name other {
            function Get-Double {
                param([Parameter(ValueFromPipeline)] $n)
                begin { $sum = 0 }
                process { $sum += $n; $n * 2 }
                end { "sum $sum" }
            }
            function Watch-Run { param([Parameter(ValueFromPipeline)] $run) process { "$($run.Flow.Name) $($run.State)" } }
        }
        $run = New-Flow pipelines {
            task one { 1, 2 | Get-Double }
            task two {
                param($all)
                $all | Where-Object { $_ -is [int] } | Get-Double | ForEach-Object { "<$_>" }
            } -InputFrom @{ all = 'one' }
        } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeStrictly 2, 4, 'sum 3'
        $run.Tasks[1].Result | Should -BeExactly '<4>', '<8>', '<sum 6>'
        foreach ($throttle in 1, 4) {
            New-Flow around { task a { 1 } } | Invoke-Flow -ThrottleLimit $throttle | Watch-Run | Should -BeExactly 'around Success'
        }
    }
}
