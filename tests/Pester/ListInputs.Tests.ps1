BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Lists as inputs' {
    It '-MapArgument runs a task once for each element of a list, <How>' -TestCases @(
        @{ How = 'one after the other'; With = @{} }
        @{ How = 'several at once'; With = @{ ThrottleLimit = 3 } }
    ) {
        $files = 'a.csv', 'b.csv', 'c.csv'
        $run = New-Flow copies {
            task copy { param($file, $to) "$to/$file" } -MapArgument @{ file = $files } -Argument @{ to = 'out' }
            task count { param($all) $all.Count } -InputFrom @{ all = 'copy' }
        } | Invoke-Flow @With
        $run.Tasks[0].Result | Should -BeStrictly 'out/a.csv', 'out/b.csv', 'out/c.csv'
        $run.Tasks[0].Children.Slug | Should -BeExactly 'copy[0]', 'copy[1]', 'copy[2]'
        $run.Tasks[1].Result | Should -BeStrictly 3
    }

    It '-MapParameter runs it once for each element of a parameter of the flow' {
        $flow = New-Flow regions -Parameter { param([string[]] $Regions = @('eu', 'us'), [string] $Day = 'today') } {
            task report { param($region, $Day) "$region $Day" } -MapParameter @{ region = 'Regions' }
        }
        (Invoke-Flow $flow).Tasks[0].Result | Should -BeStrictly 'eu today', 'us today'
        , (Invoke-Flow $flow -Parameter @{ Regions = , 'asia' }).Tasks[0].Result | Should -BeStrictly @('asia today')
        (Invoke-Flow $flow -Parameter @{ Regions = @() }).State | Should -BeExactly 'Success'
    }

    It 'both, and -Map, go element by element, the shortest list first' {
        $run = New-Flow zip -Parameter @{ Letters = 'a', 'b' } {
            task numbers { 1, 2, 3 }
            task pair { param($n, $l, $x) "$n$l$x" } -Map @{ n = 'numbers' } -MapParameter @{ l = 'Letters' } -MapArgument @{ x = '!', '?', '.' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeStrictly '1a!', '2b?'
    }

    It 'step by step, through JSON, each child runs once, and the list is that of the definition' {
        $log = [Collections.Generic.List[string]]::new()
        $list = [Collections.Generic.List[string]] ('x', 'y', 'z')
        $flow = New-Flow steps { task each { param($e) $log.Add($e); $e } -MapArgument @{ e = $list } }
        $list.Clear()
        $run = ConvertTo-FlowState -Flow $flow
        while ($run.HasPending) { $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow }
        $log | Should -BeExactly 'x', 'y', 'z'
        $run.Tasks[0].Result | Should -BeStrictly 'x', 'y', 'z'
    }

    It '-Flatten goes over the elements of the elements' {
        $run = New-Flow flat { task each { param($e) $e } -MapArgument @{ e = @(@(1, 2), @(3)) } -Flatten } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeStrictly 1, 2, 3
    }

    It 'a flow as body takes the element as its parameter' {
        $inner = New-Flow inner -Parameter { param($File) } { task read { param($File) "read $File" } }
        $run = New-Flow outer { task each -Subflow $inner -MapArgument @{ File = 'a', 'b' } } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeStrictly 'read a', 'read b'
    }

    It 'an input of several tasks is an array of their results, in that order' {
        $run = New-Flow several {
            task a { 'A' }
            task b { 1, 2 }
            task nothing { }
            task all { param($all, $one) "$($all.Count): $($all[0]), $($all[1]), $($all[2] -join '+')" + $one } -InputFrom @{ all = 'nothing', 'a', 'b'; one = 'a' }
        } | Invoke-Flow -ThrottleLimit 2
        $run.Tasks[3].Result | Should -BeExactly '3: , A, 1+2A'
    }

    It 'tasks themselves can be given, and one in a list is an array of one' {
        $flow = New-Flow several
        $a = Add-FlowTask $flow a { 'A' } -PassThru
        Add-FlowTask $flow all { param($all) $all.GetType().Name + $all.Count } -InputFrom @{ all = @($a) }
        (Invoke-Flow $flow).Tasks[1].Result | Should -BeExactly 'Object[]1'
    }

    It 'a list is what PowerShell takes apart, <Where>, <How>: <Code>' -TestCases @(
        foreach ($with in @{ How = 'in the session'; With = @{} }, @{ How = 'beside it'; With = @{ ThrottleLimit = 2 } }) {
            foreach ($where in 'a constant', 'a parameter', 'a result') {
                foreach ($case in @(
                        @{ Code = '"abc"'; Gets = 'abc' }
                        @{ Code = '""'; Gets = @('') }
                        @{ Code = '[ordered] @{ a = 1; b = 2 }'; Gets = 'a b' }
                        @{ Code = '$($d = [Collections.Generic.Dictionary[string, int]]::new(); $d.Add("a", 1); $d)'; Gets = 'a' }
                        @{ Code = '@(@{ a = 1 }, @{ b = 2 })'; Gets = 'a', 'b' }
                        @{ Code = '$null'; Gets = @() }
                        @{ Code = '@()'; Gets = @() }
                        @{ Code = '@($null, 1)'; Gets = '', '1' }
                        @{ Code = '[Collections.ArrayList] @(1, 2)'; Gets = '1', '2' }
                        @{ Code = '[Collections.Generic.HashSet[string]] [string[]] ("x", "y")'; Gets = 'x', 'y' }
                        @{ Code = '[Collections.Generic.SortedSet[int]] [int[]] (2, 1)'; Gets = '1', '2' }
                        @{ Code = '[Collections.Generic.Queue[int]] [int[]] (1, 2)'; Gets = '1', '2' }
                        @{ Code = '[Collections.Generic.Stack[int]] [int[]] (1, 2)'; Gets = '2', '1' }
                        @{ Code = '@(, @(1, 2))'; Gets = '1 2' }
                        @{ Code = '[byte[]] (1, 2)'; Gets = '1 2' }
                        @{ Code = '[char[]] "ab"'; Gets = 'a', 'b' }
                        @{ Code = '[xml] "<a><b /></a>"'; Gets = '<a><b /></a>'; Only = 'a constant' }
                        @{ Code = '[Linq.Enumerable]::Range(1, 2)'; Gets = '1', '2'; Only = 'a constant' }
                        @{ Code = '([Collections.ArrayList] @(1, 2)).GetEnumerator()'; Gets = '1', '2'; Only = 'a constant' }
                        @{ Code = '$(ConvertFrom-Csv "c", "1", "2" | ForEach-Object { $_.c })'; Gets = '1', '2' }
                    )) {
                    if ($case['Only'] -in $null, $where) { $case + $with + @{ Where = $where } }
                }
            }
        }
    ) {
        $body = { param($x) if ($x -is [Collections.IDictionary]) { "$($x.Keys)" } elseif ($x -is [xml]) { $x.OuterXml } else { "$x" } }
        $place = @{} # nothing takes it apart there
        Invoke-Expression "`$place.It = $Code"
        $value = $place.It
        $flow = switch ($Where) {
            'a constant' { New-Flow f { task a $body -MapArgument @{ x = $value } } }
            'a parameter' { New-Flow f -Parameter @{ l = $null } { task a $body -MapParameter @{ x = 'l' } } }
            'a result' { New-Flow f -Parameter @{ l = $null } { task s { param($l) , $l }; task a $body -Map @{ x = 's' } } }
        }
        $parameter = if ($Where -eq 'a constant') { @{} } else { @{ Parameter = @{ l = $value } } }
        $run = Invoke-Flow $flow @With @parameter
        $run.State | Should -BeExactly 'Success'
        @($run.Tasks[-1].Children | ForEach-Object { "$($_.Result)" }) | Should -BeExactly $Gets
    }

    It '<What> is an error of Add-FlowTask' -TestCases @(
        @{ What = 'a number to map over'; With = @{ MapArgument = @{ x = 5 } }; Says = '*not a list*' }
        @{ What = 'a parameter that the flow does not have'; With = @{ MapParameter = @{ x = 'Lists' } }; Says = '*the parameters are List*' }
        @{ What = 'a parameter that the block does not have'; With = @{ MapArgument = @{ y = 1, 2 } }; Says = "*no parameter 'y'*" }
        @{ What = 'a parameter that is given twice'; With = @{ MapArgument = @{ x = 1, 2 }; Argument = @{ x = 1 } }; Says = '*given both*' }
        @{ What = 'several tasks to map over'; With = @{ Map = @{ x = 'a', 'b' } }; Says = '*takes the name of one task*' }
        @{ What = 'no task at all'; With = @{ InputFrom = @{ x = @() } }; Says = '*no task*' }
        @{ What = 'nothing to flatten'; With = @{ Argument = @{ x = 1 }; Flatten = $true }; Says = '*-MapArgument*' }
    ) {
        $flow = New-Flow wrong -Parameter @{ List = 1, 2 }
        { Add-FlowTask $flow t { param($x) } @With } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -ExpectedMessage $Says
    }

    It 'a task of several that the flow does not have is named' {
        { New-Flow wrong { task a { }; task b { param($x) } -InputFrom @{ x = 'a', 'oops' } } } | Should -Throw -ErrorId 'FlowTaskNotFound,*' -ExpectedMessage "*'oops'*"
    }
}
