BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Test-Flow' {
    It 'a good flow is true' {
        $flow = New-Flow good { task a { }; task b { } -After a }
        Test-Flow $flow | Should -BeExactly $true
        $flow | Test-Flow | Should -BeExactly $true
    }

    It 'an empty flow is true' {
        New-Flow empty | Test-Flow | Should -BeExactly $true
    }

    It 'a cycle is false, with an error that names its tasks and no others' {
        $flow = New-Flow round
        Add-FlowTask $flow before { }
        Add-FlowTask $flow a { } -After before, b
        Add-FlowTask $flow b { } -After a
        Add-FlowTask $flow after { } -After b
        $faults = $null
        Test-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults | Should -BeExactly $false
        $faults[0].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowCycle,*'
        "$($faults[0])" | Should -BeLikeExactly '*: a -> b -> a.*'
    }

    It 'unknown tasks are false, with one error that names them all' {
        $flow = New-Flow lost
        Add-FlowTask $flow a { } -After x
        Add-FlowTask $flow b { } -After a, y
        $faults = $null
        Test-Flow $flow -ErrorAction SilentlyContinue -ErrorVariable faults | Should -BeExactly $false
        @($faults).Count | Should -Be 1
        "$($faults[0])" | Should -BeLikeExactly "*'a' waits for 'x'; task 'b' waits for 'y'*"
    }

    It 'a flow that was false is true once the missing task is there' {
        $flow = New-Flow mended
        Add-FlowTask $flow a { } -After b
        Test-Flow $flow -ErrorAction SilentlyContinue | Should -BeExactly $false
        Add-FlowTask $flow b { }
        Test-Flow $flow | Should -BeExactly $true
    }

    It 'a flow that cannot run is refused by what would run it' {
        $flow = New-Flow lost
        Add-FlowTask $flow a { } -After nowhere
        { Invoke-Flow $flow } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
        { Invoke-FlowStep $flow } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
        { ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowTaskNotFound,*'
    }

    It 'several flows are reported one by one' {
        $bad = New-Flow bad
        Add-FlowTask $bad a { } -After a
        @((New-Flow good), $bad | Test-Flow -ErrorAction SilentlyContinue) | Should -BeStrictly $true, $false
    }
}
