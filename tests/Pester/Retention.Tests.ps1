BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Runs that a flow keeps' {
    It 'are the newest, and those that are not finished' {
        $flow = New-Flow kept -Store (New-TestFolder) -RetainCount 2 { task a { 'result' }; task b { } }
        $null = Invoke-FlowStep $flow -RunId half -MaxTasks 1
        foreach ($id in 'one', 'two', 'three', 'four') { $null = Invoke-FlowStep $flow -RunId $id -WarningAction Stop }
        (Get-FlowRun $flow).RunId | Sort-Object | Should -BeExactly 'four', 'half', 'three'
        (Invoke-FlowStep $flow -RunId half).State | Should -BeExactly 'Success'
        (Get-FlowRun $flow).RunId | Sort-Object | Should -BeExactly 'four', 'half'
    }

    It 'are those that have ended not long ago' {
        $folder = New-TestFolder
        $null = Invoke-FlowStep (New-Flow kept -Store $folder { task a { } }) -RunId old
        Start-Sleep -Milliseconds 600
        $null = Invoke-FlowStep (New-Flow kept -Store $folder -RetainFor 00:00:00.5 { task a { } }) -RunId new
        (Get-FlowRun -Store $folder).RunId | Should -BeExactly 'new'
    }

    It 'need a store: <Name>' -ForEach @{ Name = 'RetainFor'; Value = @{ RetainFor = '90.00:00:00' } }, @{ Name = 'RetainCount'; Value = @{ RetainCount = 1 } } {
        { New-Flow kept @Value { task a { } } } | Should -Throw "*-$Name says which runs are kept in -Store, which is not given*" -ErrorId 'FlowInvalid,*'
    }
}
