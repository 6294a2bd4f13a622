BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Targets' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'a target names inputs, arguments and parameters of the flow' {
        $flow = New-Flow named -Store $folder -Parameter @{ Region = 'west' } {
            task month { [datetime]::new(2026, 11, 1) } -NoCheckpoint
            task report { param($month, $kind) "$kind of $month" } -InputFrom @{ month = 'month' } -Argument @{ kind = 'sales' } -Target '{parameters[Region]}/{month:yyyy-MM}/{kind}.txt'
        }
        $null = Invoke-Flow $flow
        Get-ResultFile $folder | Should -BeExactly 'west/2026-11/sales.txt'
        (Invoke-Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Cached'
        $null = Invoke-Flow $flow -Parameter @{ Region = 'east' }
        Get-ResultFile $folder | Should -BeExactly 'east/2026-11/sales.txt', 'west/2026-11/sales.txt'
    }

    It 'a script block makes the target, of what its parameters name and of $FlowContext' {
        $extension = 'txt'
        $flow = New-Flow blocks -Store $folder -Parameter @{ Region = 'west' } {
            task numbers { 1, 2 } -NoCheckpoint
            task sum { param($numbers) $numbers[0] + $numbers[1] } -InputFrom @{ numbers = 'numbers' } -Target {
                param($Region, [datetime] $date, $numbers, $task_name)
                "$Region/$($date.Year)/$task_name of $($numbers.Count), $($FlowContext.TaskName), try $($FlowContext.RunCount).$extension"
            }
        }
        $run = Invoke-Flow $flow
        $run.Tasks[1].ResultLocation | Should -BeExactly "west/$($run.StartTime.Year)/sum of 2, sum, try 1.txt"
        Get-ResultFile $folder | Should -BeStrictly $run.Tasks[1].ResultLocation
        $again = Invoke-Flow $flow
        $again.Tasks[1].State | Should -BeExactly 'Cached'
        $again.Tasks[1].Message | Should -BeExactly "Result found at task target $($run.Tasks[1].ResultLocation)"
    }

    It 'a local date names one folder, in whatever time zone the steps run' -Skip:($env:OS -eq 'Windows_NT') {
        $script = {
            Import-Module 'PARENT/PrefectPS.Testing.psm1' -ErrorAction Ignore -WarningAction Ignore 2> $null
            $flow = New-Flow zones -Store 'FOLDER' -Parameter @{ Day = (Get-Date) } -Target '{Day:yyyy-MM-dd HH}/{task_name}.txt' {
                task first { param($Day) "$($Day.ToUniversalTime().ToString('o'))" }
                task second { param($Day) "$($Day.ToUniversalTime().ToString('o'))" }
                task third { param($Day) "$($Day.ToUniversalTime().ToString('o'))" } -Target { param($Day) $Day.ToString('yyyy-MM-dd HH') + '/third.txt' }
            }
            $null = Invoke-FlowStep $flow -RunId r -MaxTasks 1 PARAMETERS
        }
        $day = [datetime]::new(2026, 11, 29, 12, 0, 0, [DateTimeKind]::Utc).ToLocalTime()
        $file = Join-Path $folder 'step.ps1'
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-File', $file)
        $zone = $env:TZ
        try {
            foreach ($step in @(
                    @{ Zone = 'Pacific/Kiritimati'; Parameters = "-Parameter @{ Day = [datetime]::new($($day.ToUniversalTime().Ticks), [DateTimeKind]::Utc).ToLocalTime() }" }
                    @{ Zone = 'Pacific/Pago_Pago' }
                    @{ Zone = 'UTC' }
                )) {
                Set-Content $file ("$script".Replace('PARENT', $PSScriptRoot).Replace('FOLDER', $folder).Replace('PARAMETERS', $step.Parameters))
                $env:TZ = $step.Zone
                & $program @arguments | Should -BeNullOrEmpty
            }
        }
        finally {
            $env:TZ = $zone
        }

        Get-ResultFile $folder | Where-Object { $_ -like '*.txt' } |
            Should -BeExactly '2026-11-30 02/first.txt', '2026-11-30 02/second.txt', '2026-11-30 02/third.txt'
        foreach ($name in 'first', 'second', 'third') { Get-Content "$folder/2026-11-30 02/$name.txt" | Should -BeExactly '2026-11-29T12:00:00.0000000Z' }
    }

    It 'a file that another program wrote is taken whole: <Name>' -ForEach @(
        @{ Name = 'the mark of UTF-8'; Encoding = [Text.UTF8Encoding]::new($true) }
        @{ Name = 'UTF-16'; Encoding = [Text.UnicodeEncoding]::new($false, $true) }
        @{ Name = 'UTF-16, the other way round'; Encoding = [Text.UnicodeEncoding]::new($true, $true) }
    ) {
        $json = '{ "": 1, "a": "日本", "A": 3, "$schema": "s", "plain": { "x": null } }'
        [IO.File]::WriteAllText("$folder/a.json", $json, $Encoding)
        $run = New-Flow foreign -Store $folder { task a { throw 'not run' } -Target 'a.json' } | Invoke-Flow
        $run.Tasks[0].State | Should -BeExactly 'Cached'
        $result = $run.Tasks[0].Result
        $result.Keys | Should -BeExactly '', 'a', 'A', '$schema', 'plain'
        $result[''] | Should -BeStrictly 1
        $result['a'] | Should -BeExactly '日本'
    }

    It 'a file that another program wrote, of types that are not known, is refused with its place' {
        Set-Content "$folder/a.json" '{ "a": { "$type": "Some.Class, Some", "x": 1 } }'
        $flow = New-Flow foreign -Store $folder { task a { throw 'not run' } -Target 'a.json'; task b { param($x) $x } -InputFrom @{ x = 'a' } }
        $message = (Invoke-Flow $flow -WarningAction SilentlyContinue).Tasks.Message -join "`n"
        $message | Should -BeLikeExactly "*'a.json'*the `$type 'Some.Class, Some' is not known*before byte*"
    }

    It 'a file that another program wrote, whose text is no Unicode, is refused with its place and fails the task alone: <Name>' -ForEach @(
        @{ Name = 'a text of Latin-1'; Bytes = [Text.Encoding]::GetEncoding('iso-8859-1').GetBytes('{ "a": "caf' + [char]0xe9 + '" }') }
        @{ Name = 'a key of Latin-1'; Bytes = [Text.Encoding]::GetEncoding('iso-8859-1').GetBytes('{ "caf' + [char]0xe9 + '": 1 }') }
        @{ Name = 'half a pair'; Bytes = [Text.Encoding]::ASCII.GetBytes('{ "a": "\ud800" }') }
        @{ Name = 'half a pair in a key'; Bytes = [Text.Encoding]::ASCII.GetBytes('{ "\ud800": 1 }') }
    ) {
        [IO.File]::WriteAllBytes("$folder/a.json", $Bytes)
        $flow = New-Flow foreign -Store $folder {
            task a { throw 'not run' } -Target 'a.json'
            task b { param($x) $x } -InputFrom @{ x = 'a' }
            task other { 'runs' }
        }
        $run = Invoke-Flow $flow -WarningAction SilentlyContinue
        $run.Tasks.State | Should -BeStrictly 'Cached', 'Failed', 'Success'
        $run.Tasks[1].Message | Should -BeLikeExactly "*'a.json'*before byte*"
    }

    It 'what is done again makes its result again, whether that is at a target or in a cache: <Place>' -ForEach @(
        @{ Place = 'target'; Keep = @{ Target = '{task_name}.json' } }
        @{ Place = 'cache'; Keep = @{ CacheFor = 3600 } }
    ) {
        $source = @{ Broken = $true }
        $flow = New-Flow again -Store $folder {
            task fetch { if ($source.Broken) { throw 'bug' }; 1, 2 } -NoCheckpoint
            task clean { param($lines) "summary of [$lines]" } -InputFrom @{ lines = 'fetch' } -Trigger AllFinished @Keep
        }
        $run = Invoke-Flow $flow
        $run.Tasks[1].Result | Should -BeExactly 'summary of []'
        $source.Broken = $false
        $run = $run | Set-FlowTaskState -From Failed -To Pending -IncludeDownstream | ConvertFrom-FlowState |
            ConvertTo-FlowState -Flow $flow | Invoke-Flow
        $run.Tasks[1].Result | Should -BeExactly 'summary of [1 2]'
        (Invoke-Flow $flow).Tasks[1].Result | Should -BeExactly 'summary of [1 2]'
    }

    It 'a block of the flow makes the targets of its tasks' {
        $null = New-Flow shared -Store $folder -Target { param($task_name) "all/$task_name.json" } {
            task a { 1 }
            task b { 2 }
            task c { 3 } -Target 'own.json'
        } | Invoke-Flow
        Get-ResultFile $folder | Should -BeExactly 'all/a.json', 'all/b.json', 'own.json'
    }

    It 'children of a mapped task have targets of their own, whatever makes them: <Target>' -ForEach @(
        @{ Target = '{task_name}.json'; Files = @('m[0].json', 'm[1].json') }
        @{ Target = '{map_index}.json'; Files = @('0.json', '1.json') }
        @{ Target = '{x}.json'; Files = @('p.json', 'q.json') }
        @{ Target = { param($task_name) "$task_name.json" }; Files = @('m[0].json', 'm[1].json') }
        @{ Target = { param($map_index) "$map_index.json" }; Files = @('0.json', '1.json') }
        @{ Target = { "$($FlowContext.MapIndex).json" }; Files = @('0.json', '1.json') }
        @{ Target = { param($x) "$x.json" }; Files = @('p.json', 'q.json') }
    ) {
        $run = New-Flow mapped -Store $folder {
            task list { 'p', 'q' } -NoCheckpoint
            task m { param($x) "<$x>" } -Map @{ x = 'list' } -Target $Target
        } | Invoke-Flow
        Get-ResultFile $folder | Should -BeStrictly $Files
        $run.Tasks[1].Result | Should -BeExactly '<p>', '<q>'
    }

    It 'a block that makes no path fails its task, and says why: <Like>' -ForEach @(
        @{ Target = { }; Like = '*the block put out nothing*' }
        @{ Target = { $null }; Like = '*the block put out nothing*' }
        @{ Target = { 'a', 'b' }; Like = '*the block put out 2 objects*' }
        @{ Target = { 5 }; Like = '*the block put out a Int32*' }
        @{ Target = { '../out.json' }; Like = "*'../out.json'*leads out of the store*" }
        @{ Target = { 'a/nul.txt' }; Like = "*'a/nul.txt'*device*" }
        @{ Target = { '' }; Like = '*empty*' }
        @{ Target = { throw 'no idea' }; Like = '*no idea*' }
    ) {
        $ran = [Collections.Generic.List[string]]::new()
        $task = (New-Flow bad -Store "$folder/inside" { task a { $ran.Add('a'); 1 } -Target $Target } | Invoke-Flow).Tasks[0]
        $task.State | Should -BeExactly 'Failed'
        $task.Message | Should -BeLikeExactly $Like
        $ran.Count | Should -Be 0
        Get-ResultFile $folder | Should -BeNullOrEmpty
    }

    It 'a target that asks for what there is not is refused where it is given' {
        $define = {
            param($target) New-Flow bad -Store $folder -Parameter @{ Region = 'west' } {
                task a { param($x) 1 } -Argument @{ x = 1 } -Target $target
            }
        }
        { & $define '{nonsense}.json' } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru |
            Should -BeLikeExactly "*no variable 'nonsense'*there are date,*x, Region*"
        { & $define { param($nonsense) 'a.json' } } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*no variable 'nonsense'*"
        { & $define '{config}.json' } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*Prefect's configuration does not exist here*"
        { & $define 5 } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly '*-Target takes a path or a script block*'
        { New-Flow bad -Store $folder -Target '{x}.json' } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*a task's own target can also use its inputs*"
    }

    It 'a secret is not a part of a path' {
        $run = New-Flow secret -Store $folder {
            task password { 'hunter2' } -Sensitive
            task named { param($p) 1 } -InputFrom @{ p = 'password' } -Target '{p}.json'
            task made { param($p) 1 } -InputFrom @{ p = 'password' } -Target { param($p) "$p.json" }
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Failed', 'Failed'
        $run.Tasks[1].Message | Should -BeLikeExactly "*'p' is a secret*"
        Get-ResultFile $folder | Should -BeNullOrEmpty
        $run | ConvertFrom-FlowState | Should -Not -BeLikeExactly '*hunter2*' -Because 'the secret is nowhere'
    }

    It 'where an input''s task failed the trigger says what follows, not the target' {
        $run = New-Flow failed -Store $folder {
            task source { throw 'no' }
            task never { param($x) 1 } -InputFrom @{ x = 'source' } -Target { param($x) $x.ToUpper() }
            task always { param($x) 1 } -InputFrom @{ x = 'source' } -Target 'of {x}.json' -Trigger AllFinished
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'TriggerFailed', 'Success'
        $run.Tasks[2].ResultLocation | Should -BeExactly 'of .json'
    }

    It 'a block may end its task with a signal' {
        $task = (New-Flow signals -Store $folder {
            task a { 1 } -Target { Send-FlowSignal -Skip 'nothing to write' }
        } | Invoke-Flow).Tasks[0]
        $task.State | Should -BeExactly 'Skipped'
        $task.Message | Should -BeExactly 'nothing to write'
    }
}
