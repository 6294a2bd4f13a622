function Get-Result([scriptblock] $Body, [hashtable] $Argument = @{}) {
    # What a task with this body returns; its failure is the check's.
    $task = (New-Flow single { task body $Body -Argument $Argument } | Invoke-Flow).Tasks[0]
    if ($task.State -ne 'Success') { throw "the task is $($task.State): $($task.Message)" }
    , $task.Result
}

Scenario 'no output is no result, one object is the result, several are an array' {
    Assert-Equal $null (Get-Result { })
    Assert-Equal 'one' (Get-Result { 'one' })
    Assert-Equal @(1, 2, 3) (Get-Result { 1, 2, 3 })
    Assert-Equal @(1, 2) (Get-Result { 1; 2 })
}

Scenario 'an array that is put out whole is the result' {
    Assert-Equal @(7) (Get-Result { , @(7) })
    Assert-Equal @() (Get-Result { , @() })
}

Scenario 'a result is the object itself' {
    $list = [Collections.Generic.List[int]]::new()
    Assert-True ([object]::ReferenceEquals($list, (Get-Result { , $list }))) 'it is the same object'
    Assert-Equal 'Int32' (Get-Result { 1 }).GetType().Name
}

Scenario 'parameters are bound by name, from results and constants' {
    $run = New-Flow bound {
        task ten { 10 }
        task word { 'ten' }
        task both { param($text, $number, $factor) "$text $($number * $factor)" } -InputFrom @{ number = 'ten'; text = 'word' } -Argument @{ factor = 3 }
    } | Invoke-Flow
    Assert-Equal 'ten 30' $run.Tasks[2].Result
}

Scenario 'an input makes its task an upstream one' {
    $flow = New-Flow bound { task a { 1 }; task b { param($x) $x } -InputFrom @{ x = 'a' } }
    Assert-Equal @('a') @($flow.Tasks[1].Upstream)
}

Scenario 'parameters that are not given have their defaults' {
    Assert-Equal 'x=1, y=5' (Get-Result { param($x, $y = 5) "x=$x, y=$y" } @{ x = 1 })
    Assert-Equal 'x=, y=2' (Get-Result { param($x, $y) "x=$x, y=$y" } @{ y = 2 })
}

Scenario 'parameters are converted to their types' {
    Assert-Equal @('Int32', 42) (Get-Result { param([int] $n) $n.GetType().Name; $n } @{ n = '42' })
}

Scenario 'a value that does not fit its parameter fails the task' {
    $run = New-Flow bound { task a { param([int] $n) $n } -Argument @{ n = 'many' } } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[0].State
    Assert-Like '*many*' $run.Tasks[0].Message
}

Scenario 'validation and mandatory parameters hold' {
    Assert-Equal 3 (Get-Result { param([Parameter(Mandatory)][ValidateRange(1, 5)][int] $n) $n } @{ n = 3 })
    $run = New-Flow bound { task a { param([ValidateRange(1, 5)][int] $n) $n } -Argument @{ n = 9 } } | Invoke-Flow
    Assert-Equal 'Failed' $run.Tasks[0].State
}

Scenario 'an array is one argument' {
    Assert-Equal 3 (Get-Result { param($items) $items.Count } @{ items = 1, 2, 3 })
    $run = New-Flow bound { task three { 1, 2, 3 }; task count { param($items) $items.Count } -InputFrom @{ items = 'three' } } | Invoke-Flow
    Assert-Equal 3 $run.Tasks[1].Result
}

Scenario 'null and false are arguments, too' {
    Assert-Equal @($true, $false) (Get-Result { param($nothing, $no) ($null -eq $nothing); $no } @{ nothing = $null; no = $false })
}

Scenario 'switches are bound by name' {
    Assert-Equal $true (Get-Result { param([switch] $Force) $Force.IsPresent } @{ Force = $true })
}

Scenario 'a block with CmdletBinding is called as such' {
    Assert-Equal @($true, 5) (Get-Result { [CmdletBinding()] param([Parameter()] $x) ($null -ne $PSCmdlet); $x } @{ x = 5 })
}

Scenario 'begin, process and end blocks run once each' {
    Assert-Equal @('begin', 'process', 'end 1') (Get-Result { param($n) begin { 'begin' } process { 'process' } end { "end $n" } } @{ n = 1 })
}

Scenario 'a function''s block is a task''s block' {
    function Get-Double([int] $n) { $n * 2 }
    Assert-Equal 8 (Get-Result ${function:Get-Double} @{ n = 4 })
}

Scenario 'a task sees the variables and functions of the script around it' {
    $greeting = 'hello'
    function Get-Name { 'world' }
    Assert-Equal 'hello world' (Get-Result { "$greeting $(Get-Name)" })
}

Scenario 'a task''s own variables stay its own' {
    $mine = 'before'
    Assert-Equal 'inside' (Get-Result { $mine = 'inside'; $mine })
    Assert-Equal 'before' $mine
}

Scenario 'a closure keeps its values' {
    $blocks = foreach ($n in 1..3) { { $n }.GetNewClosure() }
    $n = 99
    $run = New-Flow closures { foreach ($i in 0..2) { task "t$i" $blocks[$i] } } | Invoke-Flow
    Assert-Equal @(1, 2, 3) $run.Tasks.Result
}

Scenario 'the context tells a task where it runs' {
    $flow = New-Flow told { task a { $FlowContext } }
    $run = Invoke-FlowStep $flow -MaxTasks 1
    $context = $run.Tasks[0].Result
    Assert-Equal @('told', 'a', 1, 1) @($context.FlowName, $context.TaskName, $context.Step, $context.RunCount)
    Assert-Equal $run.RunId $context.RunId
    Assert-Equal $false $context.CancellationToken.IsCancellationRequested
}

Scenario 'the context is gone after the task' {
    $null = Get-Result { $FlowContext.TaskName }
    Assert-Equal $null $FlowContext
}

Scenario 'warnings, verbose, debug and information go to the caller' {
    function Write-All {
        [CmdletBinding()] param()
        $PSCmdlet.WriteWarning('careful')
        $PSCmdlet.WriteVerbose('details')
        $PSCmdlet.WriteInformation('news', @())
    }
    $flow = New-Flow loud { task a { Write-All -Verbose; 'result' } }
    $all = @(Invoke-Flow $flow 3>&1 4>&1 6>&1)
    Assert-Equal @('careful', 'details', 'news') @($all[0..2] | ForEach-Object { if ($_.PSObject.Properties['Message']) { $_.Message } else { "$_" } })
    Assert-Equal 'result' $all[3].Tasks[0].Result
}

Scenario 'output of native commands is lines' {
    $lines = Get-Result { if ($PSVersionTable['Platform'] -eq 'Unix') { sh -c 'echo one; echo two' } else { cmd /c 'echo one&echo two' } }
    Assert-Equal @('one', 'two') $lines
}

Scenario 'functions of another module work in tasks as everywhere, in the middle of pipelines and around the run' {
    $null = New-Module -Name other {
        function Get-Double { param([Parameter(ValueFromPipeline)] $n) begin { $sum = 0 } process { $sum += $n; $n * 2 } end { "sum $sum" } }
        function Watch-Run { param([Parameter(ValueFromPipeline)] $run) process { "$($run.Flow.Name) $($run.State)" } }
    }
    $run = New-Flow pipelines {
        task one { 1, 2 | Get-Double }
        task two { param($all) $all | Where-Object { $_ -is [int] } | Get-Double | ForEach-Object { "<$_>" } } -InputFrom @{ all = 'one' }
    } | Invoke-Flow
    Assert-Equal @(2, 4, 'sum 3') $run.Tasks[0].Result
    Assert-Equal @('<4>', '<8>', '<sum 6>') $run.Tasks[1].Result
    foreach ($throttle in 1, 4) {
        Assert-Equal 'around Success' (New-Flow around { task a { 1 } } | Invoke-Flow -ThrottleLimit $throttle | Watch-Run)
    }
}
