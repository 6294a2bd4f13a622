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
            { New-Flow { task one { 1 } } } | Should -Throw -ExpectedMessage '*The name is missing before the block: New-Flow <name> {*'
            { New-Flow f { task { 1 } } } | Should -Throw -ExpectedMessage '*The name is missing before the block*'
        }

        It 'an empty flow warns, where it is defined and where it runs' {
            Get-Warning { New-Flow empty { } } | Should -BeLikeExactly "Flow 'empty' has no tasks: its definition block adds none*"
            Get-Warning { New-Flow later } | Should -BeNullOrEmpty
            Get-Warning { New-Flow later | Invoke-Flow } | Should -BeLikeExactly "Flow 'later' has no tasks*"
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
            { New-Flow f { task a 'Get-Date' } } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*give it a script block in braces, task <name> {*'
            { New-Flow f | Add-FlowTask a 'Get-Date' } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
            { task a 'Get-Date' } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
            $flow = New-Flow g
            { Add-FlowTask $flow a 'Get-Date' } | Should -Throw -ExpectedMessage '*"Get-Date"*ScriptBlock*'
        }

        It '-After with an empty list is no dependency' {
            $none = @()
            (New-Flow f { task a { 1 } -After $none } | Invoke-Flow).State | Should -BeExactly 'Success'
            { New-Flow f { task a { 1 } -After '' } } | Should -Throw
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
            { '' | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
            { 'nonsense' | Invoke-FlowStep -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        }

        It 'a state of another flow is an error, in every form' {
            $run = Invoke-Flow (New-Pair)
            $other = New-Flow other { task one { 1 }; task two { 2 } -After one }
            foreach ($json in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -Compact -MatchBySlug), ($run | ConvertFrom-FlowState -Compact)) {
                { $json | ConvertTo-FlowState -Flow $other } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru |
                    Should -BeLikeExactly "*of flow 'pair', not of 'other'*"
            }
        }

        It 'a forgotten reset is a warning, once, wherever the run goes' {
            $cut = { Invoke-FlowStep (New-Pair) -MaxTasks 1 }
            $wanted = "Run '*' of flow 'pair' is handed on with 1 task that its budget cancelled.*-ResetCancelled*"
            $channel = New-TestFolder
            Get-Warning { (& $cut) | ConvertFrom-FlowState } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | ConvertFrom-FlowState -AsPrefect } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Export-FlowState (Join-Path $channel state.json) } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Publish-FlowMessage -Channel $channel -Always } | Should -BeLikeExactly $wanted
            Get-Warning { (& $cut) | Invoke-FlowStep } | Should -BeLikeExactly $wanted
            $run = & $cut
            @(Get-Warning { $run | ConvertFrom-FlowState; $run | Export-FlowState (Join-Path $channel state.json); $run | Invoke-FlowStep }).Count | Should -Be 1
        }

        It 'a reset that was not forgotten is no warning' {
            Get-Warning { $cut = Invoke-FlowStep (New-Pair) -MaxTasks 1; $cut | Set-FlowTaskState -From Cancelled -To Pending | ConvertFrom-FlowState } | Should -BeNullOrEmpty
            Get-Warning { Invoke-FlowStep (New-Pair) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState } | Should -BeNullOrEmpty
            Get-Warning { Invoke-FlowStep (New-Pair) -MaxTasks 1 | Invoke-FlowStep -ResetCancelled } | Should -BeNullOrEmpty
            Get-Warning { New-Flow ended { task a { Send-FlowSignal -EndRun 'enough' }; task b { 1 } -After a } | Invoke-Flow | ConvertFrom-FlowState } | Should -BeNullOrEmpty
        }
    }

    Context 'runs on record' {
        It '-RunId of a run that began with other parameters is an error that names them' {
            $flow = New-Flow stored -Store (New-TestFolder) -Parameter @{ Day = 'mon'; Count = 1; Map = @{} } { task a { 1 }; task b { 2 } -After a }
            $first = @{ Day = 'tue'; Map = @{ x = 1; y = @(1, 2); z = 'z' } }
            $null = Invoke-FlowStep $flow -RunId r -Parameter $first -MaxTasks 1
            { Invoke-FlowStep $flow -RunId r -Parameter @{ Day = 'wed'; Count = 2 } } | Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru |
                Should -Match "Run 'r' of flow 'stored' began with other values of (Day, Count|Count, Day)"
            { Invoke-Flow $flow -RunId r -Parameter @{ Map = @{ x = 2 } } } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
            { Invoke-Flow $flow -RunId r -Parameter @{ Unknown = 2 } } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
            (Get-FlowRun $flow -RunId r).Step | Should -Be 1 -Because 'nothing was run'
            (Invoke-FlowStep $flow -RunId r -Parameter $first).State | Should -BeExactly 'Success' -Because 'the same values are no mistake'
        }
    }
}
