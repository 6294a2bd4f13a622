BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Get-FlowResult' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'the result of a task is what it returned' {
        $run = New-Flow results {
            task one { 42 }
            task list { , @(7) }
            task empty { , @() }
            task none { }
            task table { @{ a = 1 } }
        } | Invoke-Flow
        Get-FlowResult $run one | Should -BeStrictly 42
        $run | Get-FlowResult ONE | Should -BeStrictly 42
        $list = Get-FlowResult $run list
        $list -is [array] -and $list.Count -eq 1 | Should -BeTrue -Because 'a list of one is a list'
        $empty = Get-FlowResult $run empty
        $empty -is [array] -and $empty.Count -eq 0 | Should -BeTrue -Because 'an empty list is one'
        @(Get-FlowResult $run none).Count | Should -Be 0
        @(Get-FlowResult $run one, list, table).Count | Should -Be 3
        @(Get-FlowResult $run *e*).Count | Should -Be 3 -Because 'wildcards: one, empty, table'
        @($run | Get-FlowResult).Count | Should -Be 4
    }

    It 'tasks with their states give their results' {
        $run = New-Flow results { task a { 1 } -Tag x; task b { 2 } -Tag x; task c { 3 } } | Invoke-Flow
        @($run | Get-FlowTask -Tag x | Get-FlowResult) | Should -BeStrictly 1, 2
        @($run.Tasks | Get-FlowResult b) | Should -BeStrictly 2
        $table = $run.Tasks | Get-FlowResult -AsHashtable
        $table.Keys | Should -BeExactly 'a', 'b', 'c'
        $table.Values | Should -BeStrictly 1, 2, 3
    }

    It 'a run that was read from a document has its results, in the store and in the document' {
        $define = {
            New-Flow results -Store $folder {
                task a { 1.5 }
                task b { 'inline' } -NoCheckpoint
                task c { 'form' } -Target 'c.dat' -Serializer Clixml
            }
        }
        $run = & $define | Invoke-Flow | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define)
        @(Get-FlowResult $run) | Should -BeStrictly 1.5, 'inline', 'form'
    }

    It 'children and tasks of subflows have results of their own' {
        $inner = New-Flow inner { task x { 'deep' } }
        $run = New-Flow outer {
            task list { 'p', 'q' }
            task m { param($i) "<$i>" } -Map @{ i = 'list' }
            task sub -Subflow $inner
        } | Invoke-Flow
        Get-FlowResult $run 'm[1]' | Should -BeExactly '<q>'
        (Get-FlowResult $run m) | Should -BeExactly '<p>', '<q>'
        Get-FlowResult $run sub/x | Should -BeExactly 'deep'
    }

    It 'a location is enough to read a result' {
        $run = New-Flow results -Store $folder {
            task a { @{ n = 1 } }
            task b { 'text' } -Target 'b.txt'
            task c { 2.5 } -Target 'c.dat' -Serializer Clixml
        } | Invoke-Flow
        (Get-FlowResult -Store $folder -Location $run.Tasks[0].ResultLocation).n | Should -BeStrictly 1
        Get-FlowResult -Store $folder -Location b.txt | Should -BeExactly 'text'
        Get-FlowResult -Store $folder -Location c.dat -Serializer Clixml | Should -BeStrictly 2.5
        @($run.Tasks[1] | Get-FlowResult -Store $folder) | Should -BeExactly 'text'
    }

    It 'what cannot be had is an error that names it, and the others are found' {
        $run = New-Flow results -Store $folder { task a { 1 }; task b { 2 }; task secret { 's' } -Sensitive } | Invoke-Flow
        { Get-FlowResult $run nonsense } | Should -Throw -ErrorId 'FlowTaskNotFound,*' -PassThru | Should -BeLikeExactly '*nonsense*'
        { 5 | Get-FlowResult } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly "*'5' has no results*"
        { Get-FlowResult -Store $folder -Location none.json } |
            Should -Throw -ErrorId 'FlowResultInvalid,*' -PassThru | Should -BeLikeExactly '*none.json*gone*'
        { Get-FlowResult -Store $folder -Location ../out.json } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly '*../out.json*'
        $read = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (New-Flow results -Store $folder {
            task a { 1 }
            task b { 2 }
            task secret { 's' } -Sensitive
        })
        Remove-Item -LiteralPath "$folder/$($run.Tasks[0].ResultLocation)"
        $faults = $null
        @(Get-FlowResult $read -ErrorAction SilentlyContinue -ErrorVariable faults) | Should -BeStrictly 2
        $faults.Count | Should -Be 2
        $faults[0].Exception.Message | Should -BeLikeExactly '*a.1-1.json*gone*'
        $faults[1].Exception.Message | Should -BeLikeExactly '*secret*'
    }

    It 'a recorded run has its results, without its flow' {
        $run = New-Flow recorded -Store $folder {
            task a { 1.5 } -Slug first
            task inline { 'inline' } -NoCheckpoint
            task form { 'form' } -Target 'c.dat' -Serializer Clixml
            task list { 'p', 'q' }
            task m { param($i) "<$i>" } -Map @{ i = 'list' }
            task fails { throw 'no' }
        } | Invoke-Flow
        $null = New-Flow other -Store $folder { task a { 2 } } | Invoke-Flow
        Get-FlowResult -Store $folder -RunId $run.RunId -Task a | Should -BeStrictly 1.5
        Get-FlowResult -Store $folder -RunId $run.RunId -FlowName recorded -Task first | Should -BeStrictly 1.5
        @(Get-FlowResult -Store $folder -RunId $run.RunId -Task inline, form) | Should -BeExactly 'inline', 'form'
        Get-FlowResult -Store $folder -RunId $run.RunId -Task 'm[1]' | Should -BeExactly '<q>'
        (Get-FlowResult -Store $folder -RunId $run.RunId -AsHashtable).Keys | Should -BeExactly 'first', 'inline', 'form', 'list', 'm'
        @(Get-FlowRun -Store $folder | Get-FlowResult a | ForEach-Object { $_ } | Sort-Object) | Should -BeStrictly 1.5, 2
        { Get-FlowResult -Store $folder -RunId nonsense } |
            Should -Throw -ErrorId 'FlowRunNotFound,*' -PassThru | Should -BeLikeExactly '*nonsense*'
        { Get-FlowResult -Store $folder -RunId $run.RunId -Task nonsense } |
            Should -Throw -ErrorId 'FlowTaskNotFound,*' -PassThru | Should -BeLikeExactly '*nonsense*'
    }

    It 'between two steps a recorded run has the results there are' {
        $run = New-Flow recorded -Store $folder { task a { 1 }; task b { 2 } } | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        @(Get-FlowResult -Store $folder -RunId $run.RunId) | Should -BeStrictly 1
    }
}
