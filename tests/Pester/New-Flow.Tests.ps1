BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'New-Flow' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'a flow has its name and no tasks at first' {
        $flow = New-Flow 'this is my first flow'
        $flow.Name | Should -BeExactly 'this is my first flow'
        $flow.Tasks.Count | Should -Be 0
    }

    It 'a definition block adds tasks with the short names' {
        $flow = flow nightly {
            task extract { 1 }
            task load { 2 } -After extract
        }
        $flow.Tasks.Name | Should -BeExactly 'extract', 'load'
        @($flow.Tasks[1].Upstream) | Should -BeExactly 'extract'
    }

    It 'a definition block sees the variables around it' {
        $names = 'a', 'b', 'c'
        $flow = New-Flow looped { foreach ($name in $names) { task $name { } } }
        $flow.Tasks.Name | Should -BeExactly 'a', 'b', 'c'
    }

    It 'definitions may nest, and each task goes to the flow it stands in' {
        $inner = @{}
        $outer = New-Flow outer {
            task first { }
            $inner.Flow = New-Flow inner { task nested { } }
            task second { }
        }
        $outer.Tasks.Name | Should -BeExactly 'first', 'second'
        $inner.Flow.Tasks.Name | Should -BeExactly 'nested'
    }

    It 'a definition block may add to a flow of its own choice' {
        $other = New-Flow other
        $flow = New-Flow main { task here { }; $other | Add-FlowTask there { } }
        $flow.Tasks.Name | Should -BeExactly 'here'
        $other.Tasks.Name | Should -BeExactly 'there'
    }

    It 'an error in the definition block is the error of New-Flow' {
        {
            New-Flow twice {
                task a { }
                task a { }
            }
        } | Should -Throw -ErrorId 'FlowTaskExists,*' -PassThru | Should -BeLikeExactly "*'twice' has a task 'a' already*"
    }

    It 'a thrown definition leaves no flow being defined' {
        { New-Flow broken { throw 'broken' } } | Should -Throw -ErrorId 'broken'
        { Add-FlowTask homeless { } } | Should -Throw -ErrorId 'FlowRequired,*'
    }

    It 'a cycle in a definition is said where it is defined, with the names' {
        $caught = {
            New-Flow round {
                task a { } -After c
                task b { } -After a
                task c { } -After b
            }
        } | Should -Throw -ErrorId 'FlowCycle,*' -PassThru
        $caught | Should -BeLikeExactly '*a -> b -> c -> a*'
        $caught.CategoryInfo.Category | Should -BeExactly 'InvalidOperation'
        $caught.TargetObject.Name | Should -BeExactly 'round'
    }

    It 'an unknown upstream task is said with both names' {
        {
            New-Flow lost {
                task a { } -After nowhere
            }
        } | Should -Throw -ErrorId 'FlowTaskNotFound,*' -PassThru | Should -BeLikeExactly "*'a' waits for 'nowhere'*"
    }

    It 'a folder is a store, relative ones from the current location' {
        $location = $ExecutionContext.SessionState.Path
        $location.PushCurrentLocation('scenario')
        $null = $location.SetLocation($folder)
        try { $flow = New-Flow kept -Store ./out }
        finally { $null = $location.PopLocation('scenario') }
        $flow.StoreName | Should -BeExactly ("$folder/out")
    }

    It 'a file address is a store, too' {
        (New-Flow kept -Store ([uri]::new($folder)).AbsoluteUri).StoreName | Should -BeExactly $folder
    }

    It 'a store of an unknown kind is an error that names the kind' {
        { New-Flow far -Store 'ftp://server/share' } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly "*'ftp://server/share'*'ftp'*"
    }

    It 'a store that is not in the file system is an error' {
        { New-Flow odd -Store 'Env:PATH' } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*not a folder*'
    }

    It 'a target needs a store' {
        { New-Flow aimless -Target '{task_name}.json' } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly '*New-Flow -Store*'
    }

    It 'output of the definition block is only shown in the verbose stream' {
        $all = @(New-Flow chatty { 'stray'; task a { } } -Verbose 4>&1)
        $all.Count | Should -Be 2
        $all[0].Message | Should -BeLikeExactly '*stray*'
        $all[1].Name | Should -BeExactly 'chatty'
    }

    It 'an empty name is refused' {
        { New-Flow '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
