BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Invoke-Flow -RoundTripResult' {
    BeforeDiscovery {
        $live = @(
            @{ What = 'an instance of a class'; Body = { class Order { $Id = 1 }; [pscustomobject] @{ Name = 'x'; Order = [Order]::new() } }; Fault = "*task 'make'*'Order'*" }
            @{ What = 'a script block'; Body = { @{ Handler = { 'later' } } }; Fault = "*task 'make'*'Handler'*" }
            @{ What = 'a live connection'; Body = { [pscustomobject] @{ Client = [Net.Sockets.TcpClient]::new() } }; Fault = "*task 'make'*'Client'*" }
        )
    }

    It 'what breaks once a budget cuts breaks at the desk, with task, property and remedy, <Where>: <What>' -ForEach @(
        foreach ($row in $live) {
            $row + @{ Where = 'in the session'; With = @{} }
            $row + @{ Where = 'beside it'; With = @{ ThrottleLimit = 2 } }
        }
    ) {
        $flow = New-Flow desk { task make $Body; task use { param($x) $x.GetType().Name } -InputFrom @{ x = 'make' } }
        (Invoke-Flow $flow @With).State | Should -BeExactly 'Success'
        $run = Invoke-Flow $flow @With -RoundTripResult
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed'
        $run.Tasks[0].Message | Should -BeLikeExactly $Fault
        $run.Tasks[0].Message | Should -BeLikeExactly '*Return *'
        (Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled).Tasks[0].Message | Should -BeLikeExactly $Fault -Because 'a budget says the same'
    }

    It 'bodies run for real, and what can be kept comes with its type, <Where>' -TestCases @(
        @{ Where = 'in memory'; Options = @{} }
        @{ Where = 'through a store'; Options = @{ Store = $true } }
    ) {
        if ($Options.Store) { $Options = @{ Store = New-TestFolder } }
        $run = New-Flow types @Options {
            task make { [pscustomobject] @{ Big = 1 -shl 30; Long = [long] 1; Day = [datetime] '2026-11-29'; Table = [ordered] @{ b = 1; a = 2 } } }
            task tell { param($x) "$($x.Big.GetType().Name) $($x.Long.GetType().Name) $($x.Day.GetType().Name) $($x.Table.Keys -join '')" } -InputFrom @{ x = 'make' }
        } | Invoke-Flow -RoundTripResult
        $run.Tasks[1].Result | Should -BeExactly 'Int32 Int64 DateTime ba'
    }

    It 'files, folders and lines are kept as commands put them out, with what providers add to them' {
        $folder = New-TestFolder
        Set-Content "$folder/export.csv" 'content'
        $run = New-Flow items -Store (New-TestFolder) {
            task file { Get-Item "$folder/export.csv" }
            task files { Get-ChildItem $folder -File }
            task folders { Get-ChildItem (Split-Path $folder) -Directory | Where-Object FullName -EQ $folder }
            task lines { Get-Content "$folder/export.csv" }
            task use { param($file, $files, $folders, $lines) "$(Get-Content $file) $(Get-Content $files[0]) $($folders.Name) $lines" } -InputFrom @{
                file = 'file'; files = 'files'; folders = 'folders'; lines = 'lines'
            }
        } | Invoke-Flow -RoundTripResult
        $run.Tasks.Message | Select-Object -Unique | Should -BeExactly 'Task run succeeded.'
        $run.Tasks[4].Result | Should -BeExactly "content content $(Split-Path $folder -Leaf) content"
    }

    It 'a result is another object for each task that takes it, as in a later step' {
        $run = New-Flow shared {
            task list { , [Collections.ArrayList] (1, 2) }
            task add { param($list) $null = $list.Add(3); $list.Count } -InputFrom @{ list = 'list' }
            task kept { $FlowContext.TaskName } -After add
        } | Invoke-Flow -RoundTripResult
        $run.State | Should -BeExactly 'Success'
    }

    It 'a map, a subflow and a form of its own go the same way' {
        $inner = New-Flow inner { task in { [pscustomobject] @{ A = 1 } } }
        $run = New-Flow all -Store (New-TestFolder) {
            task numbers { 1, 2 }
            task each { param($n) [pscustomobject] @{ N = $n } } -Map @{ n = 'numbers' }
            task s -Subflow $inner
            task text { 'a', 'b' } -Serializer Text
            task tell { param($e, $s, $t) "$($e[1].N) $($s.A) $($t.GetType().Name)" } -InputFrom @{ e = 'each'; s = 's'; t = 'text' }
        } | Invoke-Flow -RoundTripResult
        $run.Tasks[4].Result | Should -BeExactly '2 1 String'
    }

    It 'a secret comes as it is, and is written nowhere' {
        $folder = New-TestFolder
        $run = New-Flow secret -Store $folder {
            task key { 'hunter2-hunter2' } -Sensitive
            task use { param($key) $key.Length } -InputFrom @{ key = 'key' }
        } | Invoke-Flow -RoundTripResult
        $run.Tasks[1].Result | Should -BeStrictly 15
        Get-ChildItem $folder -File -Recurse -Force | Select-String hunter2 | Should -BeNullOrEmpty
    }

    It 'a secret in the name of what cannot be kept is masked' {
        $run = New-Flow secret {
            task key { 'hunter2-hunter2' } -Sensitive
            task use { param($key) @{ $key = { 'live' } } } -InputFrom @{ key = 'key' }
        } | Invoke-Flow -RoundTripResult
        $run.Tasks[1].State | Should -BeExactly 'Failed'
        $run.Tasks[1].Message | Should -Not -BeLike '*hunter2*'
    }

    It 'help says in its first sentence that bodies run for real' {
        (Get-Help Invoke-Flow -Parameter RoundTripResult).description[0].Text | Should -BeLike 'Bodies run for real*'
    }
}
