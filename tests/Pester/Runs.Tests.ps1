BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Runs' {
    BeforeAll {
        function New-Chain([string] $Store = $folder) {
            New-Flow chain -Store $Store {
                task a { $log.Add('a'); 'a' }
                task b { param($x) $log.Add('b'); "$x, b" } -InputFrom @{ x = 'a' }
                task c { param($x) $log.Add('c'); "$x, c" } -InputFrom @{ x = 'b' }
            }
        }
    }

    BeforeEach {
        $folder = New-TestFolder
        $log = [Collections.Generic.List[string]]::new()
    }

    It 'one line, called again and again, takes a run to its end and then starts the next' {
        $states = @(for ($i = 0; $i -lt 4; $i++) { (Invoke-FlowStep (New-Chain) -Resume -MaxTasks 1).State })
        $states | Should -BeExactly 'Pending', 'Pending', 'Success', 'Pending'
        $log | Should -BeExactly 'a', 'b', 'c', 'a'
        $runs = Get-FlowRun (New-Chain)
        $runs.State | Should -BeExactly 'Pending', 'Success'
        $runs.Step | Should -BeStrictly 1, 3
    }

    It 'the line that the README shows works as it stands' {
        $flow = New-Chain
        $run = Invoke-FlowStep $flow -Resume -TimeBudget 00:08:00
        $run.State | Should -BeExactly 'Success'
        $run.Tasks[2].Result | Should -BeExactly 'a, b, c'
    }

    It 'a run can be named, and is then done once' {
        $run = Invoke-FlowStep (New-Chain) -RunId '2026-11-24' -MaxTasks 2
        $run.RunId | Should -BeExactly '2026-11-24'
        $run = Invoke-Flow (New-Chain) -RunId '2026-11-24'
        $run.State | Should -BeExactly 'Success'
        $run = Invoke-FlowStep (New-Chain) -RunId '2026-11-24'
        $run.Step | Should -Be 2
        $log | Should -BeExactly 'a', 'b', 'c'
    }

    It 'a state that is handed on is on record, and one that comes late changes nothing' {
        $flow = New-Chain
        $first = Invoke-FlowStep $flow -MaxTasks 1 | Set-FlowTaskState -From Cancelled -To Pending -Message 'Mocked pending' |
            ConvertFrom-FlowState
        $null = $first | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1
        { $first | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -MaxTasks 1 } |
            Should -Throw -ErrorId 'FlowStoreConflict,*' -PassThru | Should -BeLikeExactly "*is at step 2; this state is of step 1*-RunId*"
        $log | Should -BeExactly 'a', 'b'
        (Get-FlowRun $flow).Step | Should -Be 2
        (Invoke-FlowStep $flow -Resume).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'a', 'b', 'c'
    }

    It 'the newest state can be changed by hand and run again' {
        $fail = @{ now = $true }
        $flow = New-Flow again -Store $folder { task a { $log.Add('a') }; task b { $log.Add('b'); if ($fail.now) { throw 'no' } } -After a }
        $run = Invoke-FlowStep $flow
        (Get-FlowRun $flow).State | Should -BeExactly 'Failed'
        $fail.now = $false
        $run = $run | Set-FlowTaskState -From Failed -To Pending | Invoke-FlowStep
        $run.State | Should -BeExactly 'Success'
        (Get-FlowRun $flow).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'a', 'b', 'b'
    }

    It 'a task that ended itself Cancelled has ended, however the run continues: <Name>' -ForEach @(
        @{ Name = '-Resume'; GoOn = { Invoke-FlowStep $flow -Resume -MaxTasks 1 } }
        @{ Name = '-RunId'; GoOn = { Invoke-FlowStep $flow -RunId $id -MaxTasks 1 } }
        @{ Name = 'Invoke-Flow -RunId'; GoOn = { Invoke-Flow $flow -RunId $id } }
        @{ Name = '-RunId -ResetCancelled'; GoOn = { Invoke-FlowStep $flow -RunId $id -MaxTasks 1 -ResetCancelled } }
        @{ Name = 'by hand'; GoOn = { $run | Set-FlowTaskState -From Cancelled -To Pending | Invoke-FlowStep -MaxTasks 1 } }
    ) {
        $flow = New-Flow over -Store $folder {
            task own { $log.Add('own'); Send-FlowSignal -EndRun -State Cancelled 'nothing to do today' }
            task other { $log.Add('other'); 1 }
            task last { $log.Add('last'); 2 } -After other
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1
        $id = $run.RunId
        $run.Tasks.State | Should -BeExactly 'Cancelled', 'Cancelled', 'Cancelled'
        $steps = 1
        do {
            $steps++ | Should -BeLessThan 5 -Because 'the run has to end'
            $run = & $GoOn
        } while ($run.HasPending -or $run.Tasks[2].State -ne 'Success')

        $log | Should -BeExactly 'own', 'other', 'last'
        @($run.RunId, $run.State) | Should -BeStrictly $id, 'Cancelled'
        $run.Tasks.State | Should -BeExactly 'Cancelled', 'Success', 'Success'
        $run.Tasks[0].Message | Should -BeExactly 'nothing to do today'

        # the run has ended: nothing brings the task back but its name
        (Invoke-FlowStep $flow -RunId $id -ResetCancelled).Step | Should -BeStrictly $run.Step
        ($run | Set-FlowTaskState -From Cancelled -To Pending).HasPending | Should -BeFalse
        $log.Count | Should -BeExactly 3
        $null = $run | Set-FlowTaskState -Task own -To Pending | Invoke-FlowStep
        $log | Should -BeExactly 'own', 'other', 'last', 'own'
    }

    It 'with NoCheckpoint nothing is on record, unless it is asked for' {
        $flow = New-Flow quiet -Store $folder -NoCheckpoint { task a { 1 }; task b { 2 } }
        $null = Invoke-FlowStep $flow -MaxTasks 1
        @(Get-FlowRun $flow).Count | Should -Be 0
        $null = Invoke-FlowStep $flow -Resume -MaxTasks 1
        (Invoke-FlowStep $flow -Resume).Tasks.Result | Should -BeStrictly 1, 2
    }

    It 'a flow without a store has no record' {
        $flow = New-Flow free { task a { 1 } }
        $calls = { Invoke-FlowStep $flow -Resume }, { Invoke-FlowStep $flow -RunId x }, { Get-FlowRun $flow }, { Get-FlowHistory $flow x }
        foreach ($call in $calls) {
            $call | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*New-Flow -Store*'
        }
    }

    It 'with WhatIf nothing is run or written' {
        Invoke-FlowStep (New-Chain) -Resume -WhatIf | Should -Be $null
        Invoke-FlowStep (New-Chain) -RunId x -WhatIf | Should -Be $null
        $log.Count | Should -Be 0
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'what is left on the disk of a run is its own folder and its summary' {
        $null = Invoke-FlowStep (New-Chain) -RunId one
        $root = $folder
        "$root/runs/chain/one/head.json" | Should -Exist
        $checkpoint = Get-Item "$root/runs/chain/one/*/checkpoints/*.json.gz"
        "$root/run-index/chain/done/one/$($checkpoint.Directory.Parent.Name).json" | Should -Exist
        "$root/runs/chain/one/lease.json" | Should -Not -Exist
        (Import-FlowState (New-Chain) $checkpoint).Tasks[2].Result |
            Should -BeExactly 'a, b, c'
    }

    It 'parameters are those that a run started with' {
        $flow = New-Flow param -Store $folder -Parameter @{ n = 0 } {
            task a { $FlowContext.Parameters.n }
            task b { $FlowContext.Parameters.n }
        }
        $null = Invoke-FlowStep $flow -Resume -Parameter @{ n = 1 } -MaxTasks 1
        (Invoke-FlowStep $flow -Resume -Parameter @{ n = 2 }).Tasks.Result | Should -BeStrictly 1, 1
        (Invoke-FlowStep $flow -Resume -Parameter @{ n = 2 }).Tasks.Result | Should -BeStrictly 2, 2
    }

    It 'every durability comes to the same end' {
        foreach ($durability in 'Task', 'Batch', 'Step') {
            foreach ($limit in 1, 3) {
                $log.Clear()
                $run = Invoke-FlowStep (New-Flow durable -Store $folder {
                    task a { 'a' }
                    task b { 'b' }
                    task c { param($a, $b) "$a$b" } -InputFrom @{ a = 'a'; b = 'b' }
                }) `
                    -RunId "$durability $limit" -Durability $durability -ThrottleLimit $limit
                $run.Tasks[2].Result | Should -BeExactly 'ab'
            }
        }
        @(Get-FlowRun -Store $folder -FlowName d*).Count | Should -Be 6
    }

    It 'runs are found by flow, id, state and age, the newest first' {
        $null = Invoke-FlowStep (New-Chain) -RunId one
        $null = Invoke-FlowStep (New-Chain) -RunId two -MaxTasks 1
        $null = Invoke-FlowStep (New-Flow bad -Store $folder { task a { throw 'no' } }) -RunId three
        (Get-FlowRun -Store $folder).RunId | Should -BeExactly 'three', 'two', 'one'
        (New-Chain | Get-FlowRun).RunId | Should -BeExactly 'two', 'one'
        (Get-FlowRun -Store $folder -FlowName b*).RunId | Should -BeExactly 'three'
        (Get-FlowRun -Store $folder -RunId t*, one -FlowName chain).RunId | Should -BeExactly 'two', 'one'
        (Get-FlowRun -Store $folder -State Pending).RunId | Should -BeExactly 'two'
        $two = Get-FlowRun (New-Chain) -RunId two
        @($two.FinishedCount, $two.TaskCount, $two.FailedCount) | Should -BeStrictly 1, 3, 0
        @(Get-FlowRun -Store $folder -OlderThan 01:00:00).Count | Should -Be 0
        @(Get-FlowRun -Store $folder -OlderThan 00:00:00).Count | Should -Be 3
        foreach ($number in 30, '30', 1.5) { { Get-FlowRun -Store $folder -OlderThan $number } | Should -Throw '*30.00:00:00*' }
        { Get-FlowRun -Store $folder -RunId four -ErrorAction Stop } |
            Should -Throw -ErrorId 'FlowRunNotFound,*' -PassThru | Should -BeLikeExactly "*'four'*"
    }

    It 'a run that was found can be continued' {
        $null = Invoke-FlowStep (New-Chain) -RunId one -MaxTasks 1
        $run = Get-FlowRun (New-Chain) -State Pending | Invoke-FlowStep -Flow (New-Chain)
        @($run.RunId, $run.State) | Should -BeExactly 'one', 'Success'
    }

    It 'the history has every attempt, through all steps' {
        $flow = New-Flow patient -Store $folder {
            task a { if ($FlowContext.RunCount -lt 3) { throw "attempt $($FlowContext.RunCount)" }; 'well' } -MaxRetries 2
        }
        $null = Invoke-FlowStep $flow -RunId one -MaxTasks 1
        $null = Invoke-FlowStep $flow -RunId one
        $history = Get-FlowHistory $flow one
        $history.To | Should -BeExactly 'Running', 'Failed', 'Retrying', 'Running', 'Failed', 'Retrying', 'Running', 'Success'
        $history.Step | Should -BeStrictly 1, 1, 1, 2, 2, 2, 2, 2
        $history[1].Message | Should -BeLikeExactly '*attempt 1*'
        $history[7].Message | Should -BeExactly 'Task run succeeded.'
        @(Get-FlowRun $flow | Get-FlowHistory -Task a).Count | Should -Be 8
        @(Get-FlowRun $flow | Get-FlowHistory -Task b).Count | Should -Be 0
        { Get-FlowHistory $flow two } | Should -Throw -ErrorId 'FlowRunNotFound,*'
    }

    It 'a run that is on record nowhere has the history that its states tell' {
        $run = New-Flow free { task a { 1 }; task m { param($n) $n } -Map @{ n = 'list' }; task list { 1, 2 } } | Invoke-Flow
        $history = $run | Get-FlowHistory -Task a
        $history.To | Should -BeExactly 'Running', 'Success'
        $history[0].Step | Should -Be $null
        ($run | Get-FlowHistory -Task 'm`[1`]').To | Should -BeExactly 'Running', 'Success'
    }

    It 'a run is removed with its results, but not with what is under targets' {
        $flow = New-Flow kept -Store $folder { task a { 1 }; task b { 2 } -Target 'b.json' }
        $null = Invoke-FlowStep $flow -RunId one
        $null = Invoke-FlowStep $flow -RunId two
        Get-FlowRun $flow -RunId one | Remove-FlowRun -WhatIf
        @(Get-FlowRun $flow).Count | Should -Be 2
        Get-FlowRun $flow -RunId one | Remove-FlowRun
        (Get-FlowRun $flow).RunId | Should -BeExactly 'two'
        "$folder/runs/kept/one" | Should -Not -Exist -Because 'its folder is gone'
        "$folder/b.json" | Should -Exist -Because 'the target is kept'
        Remove-FlowRun -Flow $flow -OlderThan 01:00:00
        @(Get-FlowRun $flow).Count | Should -Be 1
        Remove-FlowRun -Store $folder -State Success
        @(Get-FlowRun $flow).Count | Should -Be 0
    }

    It 'a run that is damaged is removed by its id, as the error says, and no other way: <Object>' -ForEach @(
        @{ Object = 'runs/broken/one/head.json' }
        @{ Object = 'run-index/broken/open/one.json' }
    ) {
        $flow = New-Flow broken -Store $folder { task a { 1 }; task b { 2 } }
        $null = Invoke-FlowStep $flow -RunId one -MaxTasks 1
        $null = Invoke-FlowStep $flow -RunId two -MaxTasks 1
        Set-Content "$folder/$Object" 'no JSON'
        Remove-FlowRun -Store $folder -OlderThan 01:00:00 -ErrorVariable faults -ErrorAction SilentlyContinue
        $faults.FullyQualifiedErrorId | Should -BeLikeExactly 'FlowRunDamaged,*'
        "$folder/$Object" | Should -Exist
        Remove-FlowRun -Store $folder -Name broken -RunId one -ErrorAction Stop
        (Get-FlowRun $flow -ErrorAction Stop).RunId | Should -BeExactly 'two'
        "$folder/runs/broken/one" | Should -Not -Exist
        { Remove-FlowRun -Store $folder -Name broken -RunId one -ErrorAction Stop } | Should -Throw -ErrorId 'FlowRunNotFound,*'
    }

    It 'after Remove-FlowRun of all runs nothing is left but targets, in stores of tasks too' {
        $other = New-TestFolder
        $inner = New-Flow inner -Store $other { task i { 'inner' } }
        $flow = New-Flow tidy -Store $folder {
            task a { 1 } -CacheFor 00:00:00.001
            task b { 2 } -Target 'b.json'
            task c { 3 } -Store $other
            task d -Subflow $inner
        }
        $null = Invoke-FlowStep $flow -RunId one
        (Get-FlowRun $flow | Get-FlowResult -Task d) | Should -BeExactly 'inner'
        Start-Sleep -Milliseconds 20
        Remove-FlowRun -Flow $flow -WhatIf
        (Get-FlowRun $flow).RunId | Should -BeExactly 'one'
        Remove-FlowRun -Flow $flow
        (Get-ChildItem $folder, $other -Recurse -File -Force).Name | Should -BeExactly 'b.json'
    }

    It 'a run that another step is working on is left alone' {
        $flow = New-Flow busy -Store $folder {
            task a {
                foreach ($call in { Invoke-FlowStep $flow -RunId one }, { Invoke-FlowStep $flow -Resume }) {
                    $call | Should -Throw -ErrorId 'FlowStoreConflict,*' -PassThru | Should -BeLikeExactly '*being worked on*'
                }
                { Get-FlowRun $flow | Remove-FlowRun -ErrorAction Stop } |
                    Should -Throw -ErrorId 'FlowStoreConflict,*' -PassThru | Should -BeLikeExactly '*being worked on*'
                'left alone'
            }
        }
        (Invoke-FlowStep $flow -RunId one).Tasks[0].Result | Should -BeExactly 'left alone'
    }

    It 'a script that stops at errors removes a damaged run by its id: <Damage>' -ForEach @(
        @{ Damage = 'record of a step that died' }
        @{ Damage = 'head of a finished run' }
    ) {
        $flow = New-Flow broken -Store $folder { task a { 1 }; task b { 2 } }
        $finished = $Damage -like '*finished*'
        $null = Invoke-FlowStep $flow -RunId one -MaxTasks ($finished ? 9 : 1)
        if ($finished) { $lost = Get-Item "$folder/runs/broken/one/head.json" }
        else {
            $older = (Get-Content -Raw "$folder/run-index/broken/open/one.json") -replace '"record":\d+', '"record":1'
            [IO.File]::WriteAllText("$folder/run-index/broken/open/one.json", $older)
            $lost = Get-ChildItem "$folder/runs/broken/one/*/checkpoints/*"
        }
        Remove-Item -LiteralPath $lost.FullName
        $ErrorActionPreference = 'Stop'
        foreach ($call in { Invoke-FlowStep $flow -RunId one }, { Get-FlowRun $flow -RunId one }) {
            $call | Should -Throw -ErrorId 'FlowRunDamaged,*' -PassThru | Should -BeLikeExactly "*$($lost.Name)*Remove-FlowRun -Store*-RunId 'one'*"
        }
        Remove-FlowRun -Store $folder -FlowName broken -RunId one
        Get-ChildItem $folder -File -Recurse | Should -BeNullOrEmpty
        (Invoke-FlowStep $flow -RunId one).State | Should -Be Success
    }

    It 'damage of one run stops nobody who names another' {
        $flow = New-Flow d -Store $folder { task a { 1 }; task b { 2 } }
        foreach ($id in 'good', 'bad', 'badly', 'gone') { $null = Invoke-FlowStep $flow -RunId $id -MaxTasks 1 }
        [IO.File]::WriteAllText("$folder/run-index/d/open/bad.json", '')
        $ErrorActionPreference = 'Stop'
        (Get-FlowRun $flow -RunId good).RunId | Should -BeExactly 'good'
        (Get-FlowRun -Store $folder -FlowName d -RunId badly).RunId | Should -BeExactly 'badly'
        Remove-FlowRun $flow -RunId gone
        { Get-FlowRun $flow } | Should -Throw -ErrorId 'FlowRunDamaged,*'
        { Get-FlowRun $flow -RunId bad } | Should -Throw -ErrorId 'FlowRunDamaged,*'
        @(Get-FlowRun $flow -ErrorAction Ignore).RunId | Sort-Object | Should -BeExactly @('badly', 'good')
    }
}

Describe 'A flow in place of a run' {
    BeforeAll {
        $flow = New-Flow often -Store (New-TestFolder) {
            task say { "result of $($FlowContext.RunId)"; Write-Host "log of $($FlowContext.RunId)" }
            task apart { "apart in $($FlowContext.RunId)" } -Store (New-TestFolder)
        }
        foreach ($id in 'first', 'second') { $null = Invoke-Flow $flow -RunId $id 6>$null }
        $new = New-Flow new -Store (New-TestFolder) { task say { 1 } }
        $bare = New-Flow bare { task say { 1 } }
    }

    It 'means its newest run, for Get-<Noun>' -ForEach @(
        @{ Noun = 'FlowHistory'; Get = { $args[0] | Get-FlowHistory }; Of = { (@($input) | Select-Object -Unique RunId).RunId } }
        @{ Noun = 'FlowHistory'; Get = { Get-FlowHistory $args[0] }; Of = { (@($input) | Select-Object -Unique RunId).RunId } }
        @{ Noun = 'FlowLog'; Get = { $args[0] | Get-FlowLog -Stream Host }; Of = { @($input).Text -replace '^log of ' } }
        @{ Noun = 'FlowLog'; Get = { Get-FlowLog $args[0] -Stream Host }; Of = { @($input).Text -replace '^log of ' } }
        @{ Noun = 'FlowResult'; Get = { $args[0] | Get-FlowResult say }; Of = { @($input) -replace '^result of ' } }
        @{ Noun = 'FlowResult'; Get = { Get-FlowResult $args[0] say }; Of = { @($input) -replace '^result of ' } }
        @{ Noun = 'FlowResult'; Get = { Get-FlowResult $args[0] apart }; Of = { @($input) -replace '^apart in ' } }
    ) {
        & $Get $flow | & $Of | Should -BeExactly 'second'
        { & $Get $new } | Should -Throw -ErrorId 'FlowRunNotFound,*' -PassThru | Should -BeLikeExactly "*no record of a run of flow 'new'*"
        { & $Get $bare } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly "*'bare'*store*"
    }

    It 'goes with the id of another run' {
        (Get-FlowHistory $flow first | Select-Object -Unique RunId).RunId | Should -BeExactly 'first'
        ($flow | Get-FlowHistory -RunId first | Select-Object -Unique RunId).RunId | Should -BeExactly 'first'
        ($flow | Get-FlowLog -RunId first -Stream Host).Text | Should -BeExactly 'log of first'
        Get-FlowResult $flow say -RunId first | Should -BeExactly 'result of first'
        $flow | Get-FlowResult say -RunId first | Should -BeExactly 'result of first'
        $flow | Get-FlowResult -RunId first -AsHashtable | ForEach-Object apart | Should -BeExactly 'apart in first'
        { Get-FlowRun $flow | Get-FlowResult -RunId first } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly '-RunId*'
        foreach ($get in { Get-FlowHistory $flow none }, { Get-FlowLog $flow none }, { Get-FlowResult $flow -RunId none }) {
            $get | Should -Throw -ErrorId 'FlowRunNotFound,*' -PassThru | Should -BeLikeExactly "*'none'*"
        }
    }

    It 'has its results where a task keeps them in a store of its own, from the pipeline of Get-FlowRun, too' {
        Get-FlowRun $flow -Newest 1 | Get-FlowResult apart | Should -BeExactly 'apart in second'
    }

    It 'is shown as it is defined, and not as its newest run' {
        ($flow | Show-Flow | Where-Object State) | Should -BeNullOrEmpty
    }
}
