BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'

    function New-Approval([hashtable] $Flow = @{}, [hashtable] $Task = @{}) {
        New-Flow release @Flow {
            task build { '1.2' }
            task approve {
                param([Parameter(Mandatory)][ValidateSet('yes', 'no')] $Answer, [Alias('Remark')][string] $Comment = 'none', $build)
                "$build`: $Answer ($Comment) by $($FlowContext.EventSender)"
            } -InputFrom @{ build = 'build' } -WaitForEvent approval @Task
            task deploy { param($approve) "deploys $approve" } -InputFrom @{ approve = 'approve' }
        }
    }
}

AfterAll {
    Stop-PlacedWorker
}

Describe 'Events' {
    Context 'of a run in hand' {
        It 'a task waits, is given what comes, and its block gets it by its parameters' {
            $run = Invoke-Flow (New-Approval)
            $run.State, $run.HasPending, $run.Message | Should -BeStrictly 'Paused', $false, '1 of 3 tasks wait for approval or an event.'
            $run.Tasks[1].Message | Should -BeExactly "Waiting for event 'approval'."
            $run = $run | Send-FlowEvent -Name approval -Payload @{ answer = 'YES'; Remark = 'go' } -RequestedBy bob
            $run.State, $run.HasPending | Should -BeStrictly 'Pending', $true
            $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (New-Approval) | Invoke-FlowStep
            $run.State | Should -Be Success
            Get-FlowResult $run deploy | Should -BeExactly 'deploys 1.2: YES (go) by bob'
        }

        It 'an event that comes too early is kept' {
            $run = ConvertTo-FlowState -Flow (New-Approval) | Send-FlowEvent -Name approval -Payload ([pscustomobject] @{ Answer = 'no' }) -RequestedBy bob
            Get-FlowResult (Invoke-FlowStep -State $run) deploy | Should -BeExactly 'deploys 1.2: no (none) by bob'
        }

        It 'with -WhatIf nothing is sent' {
            Invoke-Flow (New-Approval) | Send-FlowEvent -Name approval -Payload @{ Answer = 'yes' } -WhatIf | Should -BeNullOrEmpty
        }

        It 'the wait ends as -WaitTimeoutAction says: <Action>' -ForEach @(
            @{ Action = 'Fail'; State = 'TimedOut' }
            @{ Action = 'Skip'; State = 'Skipped' }
            @{ Action = 'Run'; State = 'Success' }
        ) {
            $flow = New-Flow f { task ask { param($Answer = 'default') $Answer } -WaitForEvent go -WaitTimeout 0.05 -WaitTimeoutAction $Action }
            (Invoke-Flow $flow).Tasks.State | Should -Be $State
            (Get-FlowTask $flow ask | Select-Object WaitForEvent, WaitTimeout, WaitTimeoutAction).PSObject.Properties.Value -join ' ' | Should -BeExactly "go 00:00:00.0500000 $Action"
        }

        It 'a wait of days is work that is due later' {
            $run = Invoke-FlowStep (New-Approval -Task @{ WaitTimeout = '300.00:00:00' })
            $run.State, $run.HasPending | Should -BeStrictly 'Scheduled', $true
            ($run.NextStartTime - [DateTimeOffset]::UtcNow).TotalDays | Should -BeGreaterThan 299
        }
    }

    Context 'that cannot be taken' {
        It 'is refused at the sender: <Payload>' -ForEach @(
            @{ Payload = @{ Answer = 'perhaps' }; Expected = '*approve*Answer: *perhaps*' }
            @{ Payload = @{ Comment = 'x' }; Expected = '*Answer: It is required.*' }
            @{ Payload = $null; Expected = '*Answer: It is required.*' }
            @{ Payload = @{ Answer = 'yes'; Other = 1 }; Expected = '*Other: The script block of the task has no such parameter; it has Answer, Comment, build.*' }
            @{ Payload = @{ Answer = 'yes'; build = 1 }; Expected = '*build: The task provides it itself.*' }
            @{ Payload = @{ Answer = 'yes'; Comment = 'a'; Remark = 'b' }; Expected = '*Comment: It is there twice.*' }
            @{ Payload = 'yes'; Expected = '*is to be a hashtable*' }
        ) {
            $given = if ($null -eq $Payload) { @{} } else { @{ Payload = $Payload } }
            { Invoke-Flow (New-Approval) | Send-FlowEvent -Name approval @given } | Should -Throw $Expected -ErrorId 'FlowEventInvalid,*'
        }

        It 'is refused where no task waits for one of that name' {
            { Invoke-Flow (New-Approval) | Send-FlowEvent -Name aproval } | Should -Throw "*No task of flow 'release' waits for an event 'aproval'. Its tasks wait for 'approval'.*" -ErrorId 'FlowEventInvalid,*'
        }

        It 'is refused where it holds a secret' {
            $secret = ConvertTo-SecureString x -AsPlainText -Force
            { Invoke-Flow (New-Approval) | Send-FlowEvent -Name approval -Payload @{ Answer = $secret } } | Should -Throw '*secret*' -ErrorId 'FlowEventInvalid,*'
        }

        It 'makes no sense of <Task>' -ForEach @(
            @{ Task = @{ WaitTimeout = 1 }; Expected = '*need -WaitForEvent*' }
            @{ Task = @{ WaitForEvent = 'go'; WaitTimeoutAction = 'Skip' }; Expected = '*needs -WaitTimeout*' }
            @{ Task = @{ WaitForEvent = 'go'; CacheFor = 60 }; Expected = '*not cached*' }
            @{ Task = @{ WaitForEvent = '{nothing}' }; Expected = "*'nothing'*" }
        ) {
            { New-Flow f { task ask { 1 } @Task } } | Should -Throw $Expected
        }

        It 'a block that may have to run without its event demands nothing' {
            { New-Flow f { task ask { param([Parameter(Mandatory)] $Answer) $Answer } -WaitForEvent go -WaitTimeout 60 -WaitTimeoutAction Run } } |
                Should -Throw '*-WaitTimeoutAction Run*Mandatory*'
        }

        It 'a block that a person lets run without it fails and asks for nothing, by a throttle of <_>' -ForEach 1, 2 {
            $run = Invoke-Flow (New-Approval) | Set-FlowTaskState -Task approve -To Resume | Invoke-FlowStep -ThrottleLimit $_
            $run.Tasks[1].State | Should -Be Failed
            $run.Tasks[1].Message | Should -BeLike "*has the mandatory parameter 'Answer'*"
        }
    }

    It 'a task continues at the end of its wait in <Place>' -ForEach (Get-TaskPlace) {
        $task = Invoke-InPlace $In { "$($FlowContext.EventSender)ran" } -Task @{ WaitForEvent = 'go'; WaitTimeout = 0.05; WaitTimeoutAction = 'Run' }
        $task.Result | Should -BeExactly 'ran'
    }

    It 'a task takes its event by <Name>' -ForEach @(
        @{ Name = 'the session'; Task = @{}; Run = @{} }
        @{ Name = '-ThrottleLimit'; Task = @{}; Run = @{ ThrottleLimit = 2 } }
        @{ Name = '-Timeout'; Task = @{ Timeout = 120 }; Run = @{} }
        @{ Name = '-ErrorActionPreference'; Task = @{}; Run = @{}; Flow = @{ ErrorActionPreference = 'Continue' } }
    ) {
        $options = if ($_['Flow']) { $_.Flow } else { @{} }
        $run = Invoke-FlowStep (New-Approval $options $Task) @Run | Send-FlowEvent -Name approval -Payload @{ Answer = 'yes' } -RequestedBy bob | Invoke-FlowStep @Run
        Get-FlowResult $run deploy | Should -BeExactly 'deploys 1.2: yes (none) by bob'
    }

    Context 'of a recorded run' {
        BeforeEach { $folder = New-TestFolder }

        It 'wakes the run, is given to its task once, and is in the history' {
            $flow = New-Approval @{ Store = $folder }
            (Invoke-FlowStep $flow -RunId r).State | Should -Be Paused
            $run = Get-FlowRun $flow -RunId r | Send-FlowEvent -Name approval -Payload @{ Answer = 'yes' } -RequestedBy bob -Reason 'looks good' -Id one
            $run.State, $run.HasPending | Should -BeStrictly 'Pending', $true
            (Get-FlowRun $flow -RunId r).State | Should -Be Pending
            $null = Send-FlowEvent -Flow $flow -RunId r -Name approval -Payload @{ Answer = 'no' } -Id one
            $run = Invoke-FlowStep $flow -Resume
            Get-FlowResult $run deploy | Should -BeExactly 'deploys 1.2: yes (none) by bob'
            $history = Get-FlowHistory (Get-FlowRun $flow -RunId r)
            ($history | Where-Object RequestedBy -EQ bob).Message | Should -BeExactly "Event 'approval' sent by bob: looks good"
            ($history | Where-Object { $_.Task -eq 'approve' }).Message | Should -Contain "Event 'approval' from bob."
        }

        It 'without the flow at hand a wrong one is kept, refused by the step, and the task waits on' {
            $flow = New-Approval @{ Store = $folder }
            $null = Invoke-FlowStep $flow -RunId r
            (Send-FlowEvent -Store $folder -FlowName release -RunId r -Name approval -Payload @{ Answer = 'perhaps' }).RunId | Should -BeExactly 'r'
            $run = Invoke-FlowStep $flow -RunId r -WarningVariable warnings -WarningAction SilentlyContinue
            $run.State, $run.HasPending | Should -BeStrictly 'Paused', $false
            "$warnings" | Should -BeLike "*'approve' cannot accept the event 'approval' from*perhaps*"
            (Get-FlowHistory (Get-FlowRun $flow -RunId r)).Message | Should -Contain (
                (Get-FlowHistory (Get-FlowRun $flow -RunId r)).Message -like "Event 'approval' refused by approve: Answer:*" | Select-Object -First 1)
        }

        It 'is too late for a run that is over' {
            $flow = New-Approval @{ Store = $folder }
            $null = Invoke-FlowStep $flow -RunId r
            $null = Stop-FlowRun $flow -RunId r
            $null = Send-FlowEvent $flow approval @{ Answer = 'yes' } -RunId r -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -BeLike '*Cancelled*there is nothing to take an event.*'
        }

        It 'of a run that is not there is an error' {
            { Send-FlowEvent -Flow (New-Approval @{ Store = $folder }) -RunId nobody -Name approval -Payload @{ Answer = 'yes' } } | Should -Throw -ErrorId 'FlowRunNotFound,*'
        }
    }

    It 'children of a map wait each for its own, by a name with variables' {
        $flow = New-Flow f { task each { param($x, $Answer) "$x $Answer" } -MapArgument @{ x = 'a', 'b' } -WaitForEvent 'order-{map_index}' }
        $run = Invoke-Flow $flow | Send-FlowEvent -Name order-1 -Payload @{ Answer = 'B' } | Invoke-FlowStep
        $run.State | Should -Be Paused
        $run = $run | Send-FlowEvent -Name ORDER-0 -Payload @{ Answer = 'A' } | Invoke-FlowStep
        (Get-FlowResult $run each) -join ', ' | Should -BeExactly 'a A, b B'
    }

    It 'a flow that is a task takes its parameters from its event' {
        $inner = New-Flow inner -Parameter { param([int] $Count = 1) } { task count { param($Count) $Count * 2 } }
        $outer = New-Flow outer { task inner -Subflow $inner -WaitForEvent go }
        { Invoke-Flow $outer | Send-FlowEvent -Name go -Payload @{ Count = 'many' } } | Should -Throw '*Count:*' -ErrorId 'FlowEventInvalid,*'
        Get-FlowResult (Invoke-Flow $outer | Send-FlowEvent -Name go -Payload @{ Count = '21' } | Invoke-FlowStep) inner | Should -BeStrictly 42
    }
}
