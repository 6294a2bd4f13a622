BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Mistakes' {
    BeforeAll {
        function Get-Warning([scriptblock] $Action) {
            # What an action warns of, as text.
            @(& $Action 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object { "$_" })
        }

        function New-Pair {
            New-Flow pair {
                task one { 1 }
                task two { 2 } -After one
            }
        }
    }

    Context 'definitions' {
        It 'a flow without its name is refused, and so is a task' {
            { New-Flow { task one { 1 } } } | Should -Throw -ExpectedMessage '*The name before the block is missing: New-Flow <name> {*'
            { New-Flow f { task { 1 } } } | Should -Throw -ExpectedMessage '*The name before the block is missing*'
        }

        It 'a name is a text, and no object that PowerShell would make one of' {
            foreach ($name in @{ a = 1 }, [pscustomobject] @{ a = 1 }, (New-Flow other), $true, (Get-Process -Id $PID)) {
                { New-Flow $name { task one { 1 } } } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
                { New-Flow f { task -Name $name { 1 } } } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
            }
            (New-Flow 2026 { task 1 { 1 } }).Tasks.Name | Should -BeExactly '1'
            { New-Flow @{ Store = 'x' } { task one { 1 } } } | Should -Throw -ExpectedMessage '*use @ instead of $*'
        }

        It 'an empty flow warns, where it is defined and where it runs' {
            Get-Warning { New-Flow empty { } } | Should -BeLikeExactly "Flow 'empty' has no tasks: its definition block adds none*"
            Get-Warning { New-Flow later } | Should -BeNullOrEmpty
            Get-Warning { New-Flow later | Invoke-Flow } | Should -BeLikeExactly "Flow 'later' has no tasks*"
            Get-Warning { New-Flow later | Test-Flow } | Should -BeLikeExactly "Flow 'later' has no tasks*"
            $inner = New-Flow inner
            Get-Warning { New-Flow outer { task run -Subflow $inner } | Invoke-Flow } | Should -BeLikeExactly "Flow 'inner', which task 'run' runs, has no tasks*"
        }

        It 'in a definition block task is Add-FlowTask, whatever else has the name' {
            $others = {
                function Other { throw 'The task of another module was called.' }
                Set-Alias task Other -Scope Local
                (New-Flow mine { task one { 1 } }).Tasks.Name | Should -BeExactly 'one'
                { task one { 1 } } | Should -Throw -ExpectedMessage '*another module*' -Because 'outside the block the name is theirs'
                $inner = New-Flow outer {
                    task first { 1 }
                    $null = New-Flow inner { task deep { 1 } }
                    task last { 2 }
                }
                $inner.Tasks.Name | Should -BeExactly 'first', 'last'
            }
            & $others
            New-Module -Name OtherBuild { function Add-BuildTask { throw 'no' }; Set-Alias task Add-BuildTask; Export-ModuleMember -Alias task -Function * } | Import-Module -Force
            try { (New-Flow mine { task one { 1 } }).Tasks.Name | Should -BeExactly 'one' }
            finally {
                Remove-Module OtherBuild
                Set-Alias task Add-FlowTask -Scope Global # removed with the module that had taken the name
            }
        }

        It 'the name is as it was once the definition block has ended, also where it failed' {
            $before = $ExecutionContext.InvokeCommand.PreCommandLookupAction
            { New-Flow broken { throw 'in the middle' } } | Should -Throw
            $ExecutionContext.InvokeCommand.PreCommandLookupAction | Should -Be $before
        }

        It 'a text in place of a script block is an error that names the block' {
            { New-Flow f { task a 'Get-Date' } } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*specify a script block in braces, task <name> {*'
            { New-Flow f | Add-FlowTask a 'Get-Date' } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
            { task a 'Get-Date' } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
            { New-Flow f { task a 'Get-Date' } } | Should -Throw -ExpectedMessage "Task 'a': *task a { Get-Date }*" -Because 'it is what was meant'
            $flow = New-Flow g
            { Add-FlowTask $flow a 'Get-Date' } | Should -Throw -ExpectedMessage '*"Get-Date"*ScriptBlock*'
        }

        It '-After with an empty list is not a dependency' {
            $none = @()
            (New-Flow f { task a { 1 } -After $none } | Invoke-Flow).State | Should -BeExactly 'Success'
            { New-Flow f { task a { 1 } -After '' } } | Should -Throw
        }
    }

    Context 'inputs' {
        It 'a list of tasks is the array of their results' {
            $flow = New-Flow f { task a { 1 }; task c { 3 }; task b { param($y) "$y" } -InputFrom @{ y = 'a', 'c' } }
            (Invoke-Flow $flow).Tasks[2].Result | Should -BeExactly '1 3'
        }

        It 'a value where the name of a task is wanted is an error that names the parameter for values' -ForEach @(
            @{ Options = @{ InputFrom = @{ y = { 5 } } }; Like = '*-InputFrom*name of a task; a value goes with -Argument*' }
            @{ Options = @{ InputFrom = @{ y = @{ x = 1 } } }; Like = '*-InputFrom*a value goes with -Argument*' }
            @{ Options = @{ InputFrom = @{ y = 'a', $true } }; Like = '*-InputFrom*a value goes with -Argument*' }
            @{ Options = @{ Map = @{ y = 1, 2 } }; Like = '*-Map*a list of values goes with -MapArgument*' }
            @{ Options = @{ InputFrom = @{ y = $null } }; Like = "*-InputFrom gives the parameter 'y' no task*" }
        ) {
            { New-Flow f { task a { 1 }; task b { param($y) "$y" } @Options } } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -ExpectedMessage $Like
        }

        It 'what was likely meant by a task that is not there is said' {
            { New-Flow f -Parameter @{ Day = 'mon' } { task a { param($x) $x } -InputFrom @{ x = 'Day' } } } |
                Should -Throw -ErrorId 'FlowTaskNotFound,*' -ExpectedMessage "*'Day' is a parameter of the flow*param(`$Day)*"
            { New-Flow f { task a { 1 }; task b { 2 }; task c { 3 } -After 'a, b' } } |
                Should -Throw -ErrorId 'FlowTaskNotFound,*' -ExpectedMessage "*Specify several tasks as a list: 'a', 'b'.*"
        }

        It 'an empty list is none' {
            $none = @()
            (New-Flow f -ReferenceTask $none -Module $none { task a { 1 } -After $none -Tag $none -StateHandler $none } | Invoke-Flow).State | Should -BeExactly 'Success'
        }
    }

    Context 'stores and channels' {
        BeforeAll {
            $here = New-TestFolder
            Push-Location $here
        }
        AfterAll { Pop-Location }

        It 'a flow or a run stands for its store' {
            $flow = New-Flow stored -Store (New-TestFolder) { task a { 1 } }
            $run = Invoke-Flow $flow
            (Get-FlowRun -Store $flow).RunId | Should -BeExactly $run.RunId
            (Get-FlowRun -Store $run).RunId | Should -BeExactly $run.RunId
            (Get-FlowRun -Store (Get-FlowRun $flow)).RunId | Should -BeExactly $run.RunId
            (Get-FlowRun -Store (Get-Item (Get-FlowRun $flow).Store)).RunId | Should -BeExactly $run.RunId
            { Get-FlowRun -Store (New-Flow bare) } | Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage '*has no store*'
        }

        It 'no other object is an address' {
            $flow = New-Flow stored -Store (New-TestFolder) { task a { 1 } }
            foreach ($other in @{ a = 1 }, { memory:x }, [pscustomobject] @{ Store = 'x' }, $true, @('a', 'b'), ' ', (New-FlowChannel memory:c)) {
                { New-Flow f -Store $other { task a { 1 } } } | Should -Throw -ErrorId 'FlowInvalid,*'
                { New-Flow f { task a { 1 } -Store $other } } | Should -Throw -ErrorId 'FlowInvalid,*'
                { Get-FlowRun -Store $other } | Should -Throw -ErrorId 'FlowInvalid,*'
            }
            foreach ($other in @{ a = 1 }, $flow, (Invoke-Flow $flow), (New-FlowStore memory:s), ' ') {
                { ' ' | Publish-FlowMessage -Channel $other } | Should -Throw -ErrorId 'FlowInvalid,*'
                { Receive-FlowMessage $other } | Should -Throw -ErrorId 'FlowInvalid,*'
            }
            { New-FlowStore $flow } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
            { New-FlowChannel $flow } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
            (New-FlowStore memory:s | New-FlowStore -Prefix p).Uri | Should -BeLikeExactly 'memory:*p*' -Because 'its property Uri is an address'
            Get-ChildItem $here | Should -BeNullOrEmpty -Because 'no folder was named by the text of an object'
        }

        It 'a run stands for its id' {
            $flow = New-Flow stored -Store (New-TestFolder) { task a { 1 } }
            $run = Invoke-Flow $flow
            (Invoke-FlowStep $flow -RunId $run).RunId | Should -BeExactly $run.RunId
            (Get-FlowRun $flow -RunId (Get-FlowRun $flow)).RunId | Should -BeExactly $run.RunId
            { Invoke-FlowStep $flow -RunId @{ a = 1 } } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }
    }

    Context 'states' {
        It 'an empty string, no bytes and an empty file begin no run; null and nothing do' {
            $flow = New-Pair
            { '' | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { ConvertTo-FlowState $flow '' } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { , [byte[]] @() | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            ($null | ConvertTo-FlowState -Flow $flow).Step | Should -Be 0
            (ConvertTo-FlowState $flow).Step | Should -Be 0
        }

        It 'nor does what has no length in what it came in, in any form' -ForEach @(
            @{ Kind = 'the mark of UTF-8'; Empty = { , [byte[]] (0xEF, 0xBB, 0xBF) } }
            @{ Kind = 'the mark as text'; Empty = { [string] [char] 0xFEFF } }
            @{ Kind = 'a list of no bytes'; Empty = { , [Collections.Generic.List[byte]]::new() } }
            @{ Kind = 'a JSON text'; Empty = { '""' } }
            @{ Kind = 'a push of Pub/Sub'; Empty = { '{"message":{"data":"","messageId":"1"},"subscription":"s"}' } }
            @{ Kind = 'a push without data'; Empty = { '{"message":{"messageId":"1","attributes":{}},"subscription":"s"}' } }
            @{ Kind = 'a webhook'; Empty = { '{"WebhookName":"w","RequestBody":null,"RequestHeader":{}}' } }
            @{ Kind = 'a message of a queue'; Empty = { '<QueueMessage><MessageText/></QueueMessage>' } }
            @{ Kind = 'an invocation with several inputs'; Empty = { '{"Data":{"one":"1","two":"2"},"Metadata":{}}' } }
        ) {
            $flow = New-Pair
            { & $Empty | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { ConvertTo-FlowState $flow (& $Empty) } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            $text = & $Empty
            if ($text -is [string]) { { $text | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*' }
            if ($text -is [string] -or $text -is [byte[]]) { { , $text | Publish-FlowMessage -Channel memory:cut } | Should -Throw -ErrorId 'FlowStateInvalid,*' }
        }

        It 'a space, and a request without a body, begin one on purpose' {
            $flow = New-Pair
            foreach ($begin in ' ', '{"message":{"data":"IA==","messageId":"1"}}', '{"Method":"POST","Body":null}', '{"RequestBody":" "}') {
                ($begin | ConvertTo-FlowState -Flow $flow).Step | Should -Be 0
            }
        }

        It 'null starts a run of the flow, piped or named' {
            $flow = New-Pair
            $state = $null
            foreach ($run in ($state | Invoke-FlowStep -Flow $flow), ($state | Invoke-FlowStep $flow), (Invoke-FlowStep $flow -State $state), ($state | Invoke-Flow $flow)) {
                $run.Step, $run.State | Should -BeExactly 1, 'Success'
            }
            @() | Invoke-FlowStep $flow | Should -BeNullOrEmpty -Because 'no runs are none to go on with'
            { $state | Invoke-FlowStep } | Should -Throw -ErrorId 'FlowRequired,*'
            { Invoke-FlowStep $state } | Should -Throw -ErrorId 'FlowRequired,*'
            { Invoke-FlowStep $flow -Run $state } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }

        It 'a store that is not there is told where it was typed' {
            $missing = Join-Path (New-TestFolder) missing
            Get-Warning { Get-FlowRun -Store $missing } | Should -BeLikeExactly "The folder '*missing' does not exist*"
            Get-Warning { Get-FlowRun (New-Flow first -Store $missing { task one { 1 } }) } | Should -BeNullOrEmpty -Because 'no run has been there yet'
            Get-Warning { Get-FlowRun -Store "memory:$([guid]::NewGuid())" } | Should -BeNullOrEmpty
        }

        It 'a folder, and an object without an end, are no documents' {
            $flow = New-Pair
            { Get-Item (New-TestFolder) | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*' -ExpectedMessage '*is a folder. Specify the file*'
            $endless = @{}
            $endless.self = $endless
            foreach ($item in $endless, (Get-Process -Id $PID)) {
                { $item | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'Flow*Invalid,*'
            }
        }

        It 'a pattern is not a file that starts a run' {
            { Import-FlowState (New-Pair) (Join-Path (New-TestFolder) '*.json') } | Should -Throw -ErrorId 'FlowImportFailed,*' -ExpectedMessage '*wildcards*'
        }

        It 'the name of a file is not a document, and what reads it is said' {
            foreach ($convert in { 'state.json' | ConvertTo-FlowState -Flow (New-Pair) }, { './runs/state.json' | Invoke-FlowStep -Flow (New-Pair) }) {
                $convert | Should -Throw -ErrorId 'FlowStateInvalid,*' -ExpectedMessage '*it is not JSON but the name of a file, which Import-FlowState reads*'
            }
        }

        It 'a file object is read' {
            $flow = New-Pair
            $file = Join-Path (New-TestFolder) state.json
            Invoke-Flow $flow | ConvertFrom-FlowState | Set-Content $file
            (Get-Item $file | ConvertTo-FlowState -Flow $flow).State | Should -BeExactly 'Success'
            Clear-Content $file
            { Get-Item $file | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        }

        It 'a document can be given to a step as it is' {
            $flow = New-Pair
            $json = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
            $run = $json | Invoke-FlowStep -Flow $flow
            $run.Step, $run.State | Should -BeExactly 2, 'Success'
            ($json | Invoke-Flow $flow).State | Should -BeExactly 'Success'
            (, [Text.Encoding]::UTF8.GetBytes($json) | Invoke-FlowStep -Flow $flow).State | Should -BeExactly 'Success'
            $file = Join-Path (New-TestFolder) state.json
            Set-Content $file $json
            (Get-Item $file | Invoke-FlowStep -Flow $flow).State | Should -BeExactly 'Success'
            Clear-Content $file
            { Get-Item $file | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { $json | Invoke-FlowStep } | Should -Throw -ErrorId 'FlowRequired,*' -ExpectedMessage '*Invoke-FlowStep -Flow $flow*'
            { '' | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { 'nonsense' | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        }

        It 'a state of another flow is an error, in every form' {
            $run = Invoke-Flow (New-Pair)
            $other = New-Flow other { task one { 1 }; task two { 2 } -After one }
            foreach ($json in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -Compact -MatchBySlug), ($run | ConvertFrom-FlowState -Compact)) {
                { $json | ConvertTo-FlowState -Flow $other } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru |
                    Should -BeLikeExactly "*to flow 'pair', not to 'other'*"
            }
        }

        It 'a state that is given with a flow has to be of that flow' {
            $flow = New-Pair
            $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled
            $other = New-Flow other { task one { 1 }; task two { 2 } -After one }
            foreach ($use in { $run | Invoke-FlowStep $other }, { $run | Invoke-Flow $other }, { Invoke-FlowStep -Flow $other -State $run },
                { $run | ConvertTo-FlowState $other }, { $run.Tasks | ConvertTo-FlowState $other }) {
                $use | Should -Throw -ErrorId 'FlowStateInvalid,*' -ExpectedMessage "*is of flow 'pair', not of 'other'*"
            }
            foreach ($same in $flow, (New-Pair)) {
                ($run | Invoke-FlowStep $same).State | Should -BeExactly 'Success'
                ($run | ConvertTo-FlowState $same).Flow | Should -Be $same
            }
            $changed = New-Flow pair { task one { 1 }; task two { 2 } -After one; task three { 3 } }
            Get-Warning { $run | Invoke-FlowStep $changed } | Should -BeLikeExactly "Flow 'pair' has changed*new: three*"
        }

        It 'a recorded run that is piped continues in its own store, as its own flow' {
            $flow = New-Flow stored -Store (New-TestFolder) { task a { 1 }; task b { 2 } -After a }
            $null = Invoke-FlowStep $flow -RunId r -MaxTasks 1
            foreach ($other in (New-Flow other -Store $flow { task a { 1 } }), (New-Flow stored -Store (New-TestFolder) { task a { 1 } })) {
                { Get-FlowRun $flow | Invoke-FlowStep $other } | Should -Throw -ErrorId 'FlowStateInvalid,*' -ExpectedMessage "Run 'r' is of flow 'stored' in the store*"
                Get-FlowRun $other | Where-Object Flow -eq $other.Name | Where-Object Store -eq $other.Store | Should -BeNullOrEmpty
            }
            { Get-FlowRun -Store $flow | Invoke-FlowStep } | Should -Throw -ErrorId 'FlowRequired,*'
            (Get-FlowRun $flow | Invoke-FlowStep -MaxTasks 1).State | Should -BeExactly 'Success'
        }

        It 'a forgotten reset is a warning, once, wherever the run goes' {
            $cut = { Invoke-FlowStep (New-Pair) -MaxTasks 1 }
            $wanted = "Run '*' of flow 'pair' was returned with 1 task that its budget cancelled.*-ResetCancelled*"
            $channel = New-TestFolder
            Get-Warning { (& $cut) | ConvertFrom-FlowState } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | ConvertFrom-FlowState -AsPrefect } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Export-FlowState (Join-Path $channel state.json) } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Publish-FlowMessage -Channel $channel -Always } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Invoke-FlowStep } | Should -BeLikeExactly $wanted
            $run = & $cut
            @(Get-Warning { $run | ConvertFrom-FlowState; $run | Export-FlowState (Join-Path $channel state.json); $run | Invoke-FlowStep }).Count | Should -Be 1
        }

        It 'a reset that was not forgotten is not a warning' {
            Get-Warning { $cut = Invoke-FlowStep (New-Pair) -MaxTasks 1; $cut | Set-FlowTaskState -From Cancelled -To Pending | ConvertFrom-FlowState } | Should -BeNullOrEmpty
            Get-Warning { Invoke-FlowStep (New-Pair) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState } | Should -BeNullOrEmpty
            Get-Warning { Invoke-FlowStep (New-Pair) -MaxTasks 1 | Invoke-FlowStep -ResetCancelled } | Should -BeNullOrEmpty
            Get-Warning { New-Flow ended { task a { Send-FlowSignal -EndRun 'enough' }; task b { 1 } -After a } | Invoke-Flow | ConvertFrom-FlowState } | Should -BeNullOrEmpty
        }
    }

    Context 'recorded runs' {
        It '-RunId of a run that started with other parameters is an error that names them' {
            $flow = New-Flow stored -Store (New-TestFolder) -Parameter @{ Day = 'mon'; Count = 1; Map = @{} } { task a { 1 }; task b { 2 } -After a }
            $first = @{ Day = 'tue'; Map = @{ x = 1; y = @(1, 2); z = 'z' } }
            $null = Invoke-FlowStep $flow -RunId r -Parameter $first -MaxTasks 1
            { Invoke-FlowStep $flow -RunId r -Parameter @{ Day = 'wed'; Count = 2 } } | Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru |
                Should -Match "Run 'r' of flow 'stored' started with other values of (Day, Count|Count, Day)"
            { Invoke-Flow $flow -RunId r -Parameter @{ Map = @{ x = 2 } } } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
            { Invoke-FlowStep $flow -RunId r -Parameter @{ Count = '1' } } | Should -Throw -ErrorId 'FlowParameterInvalid,*' -Because 'a text is no number'
            { Invoke-Flow $flow -RunId r -Parameter @{ Unknown = 2 } } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
            (Get-FlowRun $flow -RunId r).Step | Should -Be 1 -Because 'nothing was run'
            $first.Count = [long] 1
            (Invoke-FlowStep $flow -RunId r -Parameter $first).State | Should -BeExactly 'Success' -Because 'the same values are no mistake'
        }

        It '-Resume with other parameters than the run started with continues with a warning that names them' {
            $flow = New-Flow stored -Store (New-TestFolder) -Parameter @{ Day = 'mon' } { task a { param($Day) $Day }; task b { 2 } -After a }
            $null = Invoke-FlowStep $flow -Resume -Parameter @{ Day = 'tue' } -MaxTasks 1
            Get-Warning { Invoke-FlowStep $flow -Resume -Parameter @{ Day = 'tue' } -MaxTasks 1 -WhatIf } | Should -BeNullOrEmpty
            Get-Warning { Invoke-FlowStep $flow -Resume -Parameter @{ Day = 'wed' } } | Should -BeLikeExactly "*continues with the values with which it started*Day*"
            Get-Warning { Invoke-FlowStep $flow -Resume -Parameter @{ Day = 'wed' } } | Should -BeNullOrEmpty -Because 'a run began with them'
        }

        It '-OnChange works for <How> as for documents' -ForEach @(
            @{ How = '-RunId'; Use = { Invoke-FlowStep $flow -RunId r @args } }
            @{ How = '-Resume'; Use = { Invoke-FlowStep $flow -Resume @args } }
            @{ How = 'Invoke-Flow -Resume'; Use = { Invoke-Flow $flow -Resume @args } }
            @{ How = 'a run on record'; Use = { Get-FlowRun $flow -RunId r | Invoke-FlowStep @args } }
            @{ How = 'a document'; Use = { $json | Invoke-FlowStep -Flow $flow @args } }
        ) {
            $store = New-TestFolder
            $before = New-Flow changes -Store $store { task a { 1 }; task b { 2 } -After a; task c { 3 } -After b; task d { 4 } }
            $flow = New-Flow changes -Store $store { task a { 1 }; task b { 22 } -After a; task c { 3 } -After b; task d { 4 } }
            $json = Invoke-FlowStep $before -RunId r -MaxTasks 3 -ResetCancelled | ConvertFrom-FlowState
            { & $Use -OnChange Error } | Should -Throw -ErrorId 'FlowChanged,*' -ExpectedMessage '*changed: b*'
            (Get-FlowRun $flow -RunId r).Step | Should -Be 1 -Because 'nothing was run'
            $run = & $Use -OnChange RerunChanged 3>$null
            $run.Tasks.Result | Should -BeStrictly 1, 22, 3, 4
            (Invoke-FlowStep $flow -RunId r -OnChange Error).State | Should -BeExactly 'Success' -Because 'its last step was one of the flow as it is'
        }

        It 'tasks that disappear are told, with what may be the cause' {
            $store = New-TestFolder
            $null = New-Flow nightly -Store $store { task a { 1 }; task b { 2 } -After a } | Invoke-FlowStep -Resume -MaxTasks 1
            $flow = New-Flow nightly -Store $store { task x { 1 } }
            (Get-Warning { Invoke-FlowStep $flow -Resume }) -join '|' | Should -BeLikeExactly "*gone: a, b.*|*If another script has a flow of this name in the same store*"
        }

        It 'a lost result names the way out, which works' {
            $store = New-TestFolder
            $flow = New-Flow lost -Store $store -Target '{flow_name}/{task_name}.json' { task a { 41 }; task b { param($a) $a + 1 } -InputFrom @{ a = 'a' } }
            $null = Invoke-FlowStep $flow -RunId r -MaxTasks 1
            Remove-Item "$store/lost/a.json"
            $run = Invoke-FlowStep $flow -RunId r
            $run.Tasks[1].Message | Should -BeLikeExactly '*Set-FlowTaskState -Task <task> -To Pending -IncludeDownstream*'
            ($run | Set-FlowTaskState -Task a -To Pending -IncludeDownstream | Invoke-FlowStep).Tasks[1].Result | Should -Be 42
        }
    }
}
