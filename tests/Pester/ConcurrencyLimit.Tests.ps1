BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'A limit over all runs of a store' {
    It 'lets so many tasks with a tag run at a time, and a task without a place is Scheduled and says so' {
        $store = New-FlowStore (New-TestFolder) -ConcurrencyLimit @{ sqlprod = 1 }
        $store.ConcurrencyLimit['SqlProd'] | Should -Be 1
        $other = New-Flow other -Store $store { task load { 'loaded' } -Tag SqlProd; task free { 'free' } }
        $held = @{}
        $flow = New-Flow first -Store $store { task load { $held.Run = Invoke-FlowStep $other -RunId r } -Tag sqlprod }
        (Invoke-FlowStep $flow -RunId r).State | Should -BeExactly 'Success'

        $held.Run.State | Should -BeExactly 'Scheduled'
        $held.Run.HasPending | Should -BeTrue
        ($held.Run.NextStartTime - [DateTimeOffset]::UtcNow).TotalSeconds | Should -BeLessThan 10
        $held.Run.Tasks.State | Should -BeExactly 'Scheduled', 'Success'
        $held.Run.Tasks[0].Message | Should -BeLikeExactly "Waits for a place: the one of tag 'SqlProd' is taken in the store."
        $run = Invoke-Flow $other -RunId r
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[0].Result | Should -BeExactly 'loaded'
    }

    It 'is the same in all scripts, or an error that names both numbers' {
        $folder = New-TestFolder
        $null = Invoke-FlowStep (New-Flow a -Store (New-FlowStore $folder -ConcurrencyLimit @{ db = 2 }) { task t { } -Tag db })
        { Invoke-FlowStep (New-Flow b -Store (New-FlowStore $folder -ConcurrencyLimit @{ db = 3 }) { task t { } -Tag db }) } |
            Should -Throw '*3 places*2 places*' -ErrorId 'FlowLimitDiffers,*'
        (Invoke-FlowStep (New-Flow c -Store (New-FlowStore $folder -ConcurrencyLimit @{ db = 3 }) { task t { } })).State | Should -BeExactly 'Success'
        (Invoke-Flow (New-Flow d -Store (New-FlowStore $folder -ConcurrencyLimit @{ db = 3 }) { task t { } -Tag db }) -Mock @{ t = { 1 } }).State | Should -BeExactly 'Success'
    }

    It 'is a whole number: <_>' -ForEach 0, -1, 1.5, 1001, 'many', $null, $true {
        { New-FlowStore memory:limits -ConcurrencyLimit @{ db = $_ } } | Should -Throw '*a whole number from 1 to 1000*' -ErrorId 'FlowInvalid,*'
    }
}
