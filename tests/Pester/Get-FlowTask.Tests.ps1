BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Get-FlowTask' {
    BeforeEach {
        $flow = New-Flow many {
            task extract-orders { } -Tag etl, orders
            task extract-stock { } -Tag etl
            task 'Write the report' { } -Slug report -Tag output -After extract-orders, extract-stock
        }
    }

    It 'all tasks come in definition order' {
        (Get-FlowTask $flow).Slug | Should -BeExactly 'extract-orders', 'extract-stock', 'report'
        ($flow | Get-FlowTask).Slug | Should -BeExactly 'extract-orders', 'extract-stock', 'report'
    }

    It 'tasks are found by name, by slug and with wildcards' {
        (Get-FlowTask $flow 'write the report').Slug | Should -BeExactly 'report'
        (Get-FlowTask $flow REPORT).Slug | Should -BeExactly 'report'
        (Get-FlowTask $flow extract-*).Slug | Should -BeExactly 'extract-orders', 'extract-stock'
    }

    It 'tasks are found by tag' {
        (Get-FlowTask $flow -Tag etl).Slug | Should -BeExactly 'extract-orders', 'extract-stock'
        (Get-FlowTask $flow -Tag out*, orders).Slug | Should -BeExactly 'extract-orders', 'report'
        (Get-FlowTask $flow extract-* -Tag orders).Slug | Should -BeExactly 'extract-orders'
    }

    It 'a name that the flow does not have is an error, and the others still come' {
        $faults = $null
        $found = Get-FlowTask $flow report, nowhere -ErrorAction SilentlyContinue -ErrorVariable faults
        $found.Slug | Should -BeExactly 'report'
        $faults[0].FullyQualifiedErrorId | Should -BeLikeExactly 'FlowTaskNotFound,*'
        $faults[0].TargetObject | Should -BeExactly 'nowhere'
    }

    It 'a pattern that fits nothing finds nothing' {
        @(Get-FlowTask $flow x*).Count | Should -Be 0
    }

    It 'tasks of a run come with their states' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        ($run | Get-FlowTask).State | Should -BeExactly 'Success', 'Cancelled', 'Cancelled'
        (Get-FlowTask $run extract-orders).State | Should -BeExactly 'Success'
    }

    It 'tasks of a run are found by state' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        ($run | Get-FlowTask -State Cancelled).Slug | Should -BeExactly 'extract-stock', 'report'
        ($run | Get-FlowTask extract-* -State Cancelled, Failed).Slug | Should -BeExactly 'extract-stock'
        @($run | Get-FlowTask -State Success, Cancelled).Count | Should -Be 3
    }

    It 'states compare with their names' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        @($run.Tasks | Where-Object State -eq Cancelled).Count | Should -Be 2
        $run.Tasks[0].State -eq 'Success' | Should -BeTrue -Because 'a state equals its name'
    }

    It 'names follow the flow or the run, wherever that comes from' {
        $run = Invoke-FlowStep $flow -MaxTasks 1
        (Get-FlowTask $flow report).Slug | Should -BeExactly 'report'
        ($flow | Get-FlowTask report).Slug | Should -BeExactly 'report'
        (Get-FlowTask $run report).State | Should -BeExactly 'Cancelled'
        ($run | Get-FlowTask report).State | Should -BeExactly 'Cancelled'
        (Get-FlowTask $run rep* -State Cancelled).Slug | Should -BeExactly 'report'
        (Get-FlowTask -FlowState $run -Name report).Slug | Should -BeExactly 'report'
        (Get-FlowTask -Flow $flow -Name report).Slug | Should -BeExactly 'report'
        ($run | Get-FlowTask rep* -State Cancelled).Slug | Should -BeExactly 'report'
    }

    It 'a flow has no states to choose tasks by' {
        { $flow | Get-FlowTask -State Success } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*no states*'
    }

    It 'what has no tasks is refused' {
        { 'a text' | Get-FlowTask } | Should -Throw -ErrorId 'FlowRequired,*' -PassThru | Should -BeLikeExactly "*'a text'*"
    }
}
