BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Types' {
    It 'the types of the module can be named, short and in full' {
        $flow = New-Flow named { task one { 1 } }
        $run = Invoke-Flow $flow
        $flow -is [Flow] | Should -BeTrue
        $run -is [FlowState] | Should -BeTrue
        $run.Tasks[0] -is [FlowTaskState] | Should -BeTrue
        $flow.Tasks[0] -is [FlowTask] | Should -BeTrue
        [FlowRun].FullName | Should -BeExactly 'PrefectPS.Runs.FlowRun'
        $run -is [PrefectPS.Flows.FlowState] | Should -BeTrue
    }

    It 'a function can declare them' {
        function Get-Name { [OutputType([string])] param([Parameter(ValueFromPipeline)] [FlowState] $State) process { $State.Flow.Name } }
        New-Flow declared { task one { 1 } } | Invoke-Flow | Get-Name | Should -BeExactly 'declared'
        { Get-Name 'text' } | Should -Throw
    }

    It 'a class can have members of them, in a file that is read after the import' {
        $file = Join-Path (New-TestFolder) 'Job.ps1'
        Set-Content $file 'class Job { [FlowState] $State; [FlowRun[]] $Runs; [string] Name() { return $this.State.Flow.Name } }', '[Job]::new()'
        $job = . $file
        $job.State = New-Flow member { task one { 1 } } | Invoke-Flow
        $job.Name() | Should -BeExactly 'member'
        { $job.State = 'text' } | Should -Throw
    }

    It 'help names them' {
        (Get-Help Get-FlowTask).Syntax | Out-String | Should -Match '\[-FlowState\] <FlowState>'
        (Get-Help Get-FlowRun).returnValues | Out-String | Should -Match '(?m)^\s*FlowRun\b'
        Get-Help about_PrefectPS | Should -Match '\[FlowTaskState\]'
    }

    It 'the names stay until the last session of the process removes the module' -Skip:($env:PREFECTPS_BUILD -eq 'netstandard2.0') {
        # Names that were looked up once are kept by PowerShell: the table says what is known.
        $script = @"
            `$table = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
            `$import = 'Import-Module "$((Resolve-Path "$PSScriptRoot/../../PrefectPS.psd1").Path)"'
            Invoke-Expression `$import
            `$other = [powershell]::Create().AddScript("`$import; Remove-Module PrefectPS")
            `$null = `$other.Invoke()
            `$closed = [powershell]::Create().AddScript(`$import)
            `$null = `$closed.Invoke(); `$closed.Dispose()
            `$table::Get['FlowState'].FullName
            Remove-Module PrefectPS
            `$table::Get.ContainsKey('FlowState')
            Invoke-Expression "`$import; `$import -Force"
            `$table::Get.ContainsKey('FlowState')
            Remove-Module PrefectPS
            `$table::Get.ContainsKey('FlowState')
"@
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + '-NoProfile', '-NonInteractive', '-Command', $script
        & $program @arguments | Should -BeExactly 'PrefectPS.Flows.FlowState', 'False', 'True', 'False'
    }

    It 'a document is ASCII, in every form, and reads back' {
        $flow = New-Flow 'Flüge nach Łódź' -Parameter @{ Ziel = 'Zürich' } { task 'prüfen' { 'naïve 😀 日本' } }
        $run = Invoke-Flow $flow
        foreach ($json in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect), ($run | ConvertFrom-FlowState -Compact)) {
            $json | Should -Match '^[\x20-\x7e]+$'
            $read = $json | ConvertTo-FlowState -Flow $flow
            $read.Tasks[0].Result | Should -BeExactly 'naïve 😀 日本'
        }
        $key = [byte[]] (1..32)
        $signed = $run | ConvertFrom-FlowState -SigningKey @{ 'schlüssel' = $key }
        $signed | Should -Match '^[\x20-\x7e]+$'
        ($signed | ConvertTo-FlowState -Flow $flow -SigningKey @{ 'schlüssel' = $key }).State | Should -BeExactly 'Success'
    }
}

Describe 'What cmdlets put out' {
    BeforeAll {
        $flow = New-Flow shown -Store (New-TestFolder) {
            task good { 1 }
            task bad { throw 'no' }
            task after { 2 } -After bad
        }
        $run = Invoke-Flow $flow -RunId r1
        $stored = Get-FlowRun $flow
        $entries = Get-FlowLog $flow
        $changes = Get-FlowHistory $flow r1
        $rows = Show-Flow $run
    }

    It 'a state is its name: as an object, in JSON and in CLIXML' {
        foreach ($one in $run, $stored, $run.Tasks[1]) {
            $one.State | Should -BeOfType ([string])
            $one.State | Should -BeExactly 'Failed'
            ($one | Select-Object State | ConvertTo-Json | ConvertFrom-Json).State | Should -BeExactly 'Failed'
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($one)).State | Should -BeStrictly 'Failed'
        }
        ($run | ConvertTo-Json -Depth 1 -WarningAction SilentlyContinue | ConvertFrom-Json).State | Should -BeExactly 'Failed'
        ($stored | ConvertTo-Json | ConvertFrom-Json).State | Should -BeExactly 'Failed'
    }

    It 'a state is compared as ever' {
        $run.State -eq 'failed' | Should -BeTrue
        $run.State -in 'Success', 'Failed' | Should -BeTrue
        switch ($run.State) { Failed { $found = 'switch' } }
        $found | Should -BeExactly 'switch'
        ($run.Tasks | Where-Object State -eq Success).Slug | Should -BeExactly 'good'
        ($run.Tasks | Where-Object State -In Failed, TriggerFailed).Slug | Should -BeExactly 'bad', 'after'
        ($run.Tasks | Group-Object State -AsHashTable)['TriggerFailed'].Slug | Should -BeExactly 'after'
        ($run | Set-FlowTaskState -Task bad -To $run.Tasks[0].State).Tasks[1].State | Should -BeExactly 'Success'
    }

    It 'the former names of properties are still there' {
        $run.Started | Should -BeExactly $run.StartTime
        $stored.Started | Should -BeExactly $stored.StartTime
        $stored.Updated | Should -BeExactly $stored.UpdateTime
        $stored.UpdateTime | Should -BeGreaterOrEqual $run.StartTime
    }

    It 'an object shows the members that are listed here, and nothing of what the engine has inside it' {
        $expected = @{
            'PrefectPS.Channels.FlowChannel' = 'MaxDocumentBytes Name'
            'PrefectPS.Channels.FlowMessage' = 'Abandon Channel Complete DeliveryCount Document Extend Flow Id IsSettled Reason RunId SetAside Step'
            'PrefectPS.Cluster.FlowCluster' = 'AllowsUnencrypted Certificate FailureTimeout Uri'
            'PrefectPS.Cluster.FlowWorker' = 'Address Flows IsLeaving Machine Places ProcessId Running Since Tags'
            'PrefectPS.Diagrams.Trees.FlowTreeRow' = 'Count Duration Message Slugs State Text'
            'PrefectPS.FlowException' = 'Id IsTransient Target'
            'PrefectPS.Flows.Flow' = 'MaxCrashes Name Parameters RunTimeout Schedule StoreName Target Tasks'
            'PrefectPS.Flows.FlowContext' =
                'CancellationToken EventSender FlowName IsResumed LoopCount LoopResult MapIndex Parameters RemainingTime RunCount RunId ScheduledStartTime ' +
                'Step TaskName'
            'PrefectPS.Flows.FlowSignalException' = 'StateType'
            'PrefectPS.Flows.FlowState' =
                'Flow HasPending IsStopped IsSuspended Message NextStartTime Parameters Reason RequestedBy RunId ScheduledStartTime Selection Started ' +
                'StartTime State Step Tasks'
            'PrefectPS.Flows.FlowTask' =
                'After Argument AtLeast AtMost Body CacheFor CacheKey CacheValidator Delay ExpectedDuration Flatten Flow InputFrom IsMapped IsSensitive Map ' +
                'MapArgument MapAtLeast MapAtMostFailed MapParameter MaxCrashes MaxRetries Name NoCheckpoint OnFailure PollInterval RerunOn RetryBackoff ' +
                'RetryDelay RetryJitter RetryOn ScriptBlock SecretFrom Serializer SkipOnUpstreamSkip Slug SourceFile StateHandler StoreName Subflow Tags ' +
                'Target Timeout Trigger Undo Until Upstream WaitForEvent WaitTimeout WaitTimeoutAction When'
            'PrefectPS.Flows.FlowTaskState' =
                'CachedUntil Children Duration EndTime Error IsFailed IsFinished IsPending IsRunning IsSkipped IsSuccessful IsUndone MapIndex Message Result ' +
                'ResultLocation RunCount Slug StartTime State Subflow Task UndoError'
            'PrefectPS.Flows.TaskTarget' = 'Text'
            'PrefectPS.Results.FlowSecret' = 'Reveal'
            'PrefectPS.Running.FlowTaskPlan' = 'Action MapIndex Path Reason Slug Task'
            'PrefectPS.Runs.FlowLogEntry' = 'Attempt Flow RunId Step Stream Task Text Time'
            'PrefectPS.Runs.FlowRun' =
                'FailedCount FinishedCount Flow IsFinished IsStopped IsSuspended IsUndoing Message NextStartTime OverdueReason Reason RequestedBy RunId ' +
                'ScheduledStartTime Started StartTime State Step Store TaskCount Updated UpdateTime'
            'PrefectPS.Runs.FlowScheduledRun' = 'Flow RunId ScheduledStartTime State'
            'PrefectPS.Runs.FlowTransition' = 'Flow From Message Reason RequestedBy RunId Step Task Time To'
            'PrefectPS.States.TaskError' = 'ExceptionType Id Line LineText Message ScriptName Stack'
            'PrefectPS.Storage.FlowStore' = 'ConcurrencyLimit Name Uri'
        }
        $engine = $flow.GetType().Assembly
        $types = foreach ($cmdlet in Get-Command *-Flow* -CommandType Cmdlet) { $cmdlet.OutputType.Type }
        ($types | Where-Object { $_ -and $_.Assembly -eq $engine }).FullName | Sort-Object -Unique | Should -BeIn $expected.Keys
        $inherited = [object].GetMethods().Name + 'Deconstruct'
        foreach ($name in $expected.Keys) {
            $members = $engine.GetType($name).GetMembers([Reflection.BindingFlags] 'Public, Instance, DeclaredOnly') | Where-Object {
                $_.MemberType -in 'Property', 'Method' -and -not $_.IsSpecialName -and $_.Name -notin $inherited -and $_.Name -notmatch '[<>]'
            }
            ($members.Name | Sort-Object -Unique) -join ' ' | Should -BeExactly $expected[$name] -Because "it is what a session sees of $name"
        }
    }

    It 'no property that a cmdlet returns, or an export has, is an enum or a color' {
        $types = foreach ($cmdlet in Get-Command *-Flow* -CommandType Cmdlet) { $cmdlet.OutputType.Type }
        $types = @($types | Where-Object { $_ -and $_.Namespace -like 'PrefectPS*' } | Sort-Object FullName -Unique)
        $types.Count | Should -BeGreaterThan 5
        foreach ($type in $types) {
            foreach ($property in $type.GetProperties()) {
                $inner = [Nullable]::GetUnderlyingType($property.PropertyType)
                $(if ($inner) { $inner } else { $property.PropertyType }).IsEnum | Should -BeFalse -Because "$type has $($property.Name)"
                $property.Name | Should -Not -Match 'Colou?r' -Because "it is of $type"
            }
        }
        foreach ($one in $run, $stored, $run.Tasks[0], $rows[0]) {
            ($one | Select-Object *).psobject.Properties.Name -match 'Color' | Should -BeNullOrEmpty
            $one | ConvertTo-Json -Depth 0 -WarningAction SilentlyContinue | Should -Not -Match 'Color'
            ($one | ConvertTo-Csv)[0] | Should -Not -Match 'Color'
        }
    }

    It 'each state has its color' {
        $style = [pscustomobject] @{ OutputRendering = 'Host'; Foreground = [pscustomobject] @{}; Reset = '' }
        foreach ($color in 'Green', 'Red', 'BrightBlack', 'BrightBlue', 'Cyan', 'Magenta', 'Yellow') { $style.Foreground | Add-Member $color "$color " }
        $expected = @{
            Green       = 'Success', 'Cached'
            Red         = 'Failed', 'TimedOut', 'TriggerFailed', 'ValidationFailed', 'ClientFailed'
            BrightBlack = 'Skipped', 'Cancelled', 'Cancelling'
            BrightBlue  = 'Running', 'Mapped', 'Finished', 'Looped'
            Cyan        = 'Pending'
            Magenta     = 'Paused'
            Yellow      = 'Scheduled', 'Resume', 'Retrying', 'Submitted', 'Queued'
        }
        $states = [enum]::GetNames((Get-Command Get-FlowTask).Parameters['State'].ParameterType.GetElementType())
        $expected.Values.ForEach{ $_ } | Sort-Object | Should -BeExactly ($states | Sort-Object)
        $before = $env:NO_COLOR
        try {
            foreach ($off in $null, '1') {
                $env:NO_COLOR = $off
                foreach ($color in $expected.Keys) {
                    foreach ($state in $expected[$color]) {
                        [PrefectPS.StateColors]::Show($state, $style) | Should -BeExactly $(if ($off) { $state } else { "$color $state" })
                    }
                }
            }
        }
        finally { $env:NO_COLOR = $before }
    }

    It 'what happened is told by names, too' {
        ($changes | Where-Object Task -EQ good | ConvertTo-Json | ConvertFrom-Json)[-1].To | Should -BeExactly 'Success'
        ($changes | Where-Object To -EQ TriggerFailed).From | Should -BeStrictly 'Pending'
        ($entries | Where-Object Task -EQ good | ConvertTo-Json | ConvertFrom-Json)[0].Stream | Should -BeExactly 'State'
        ($rows | ConvertTo-Json | ConvertFrom-Json)[-1].State | Should -BeIn 'Success', 'Failed', 'TriggerFailed'
    }
}

Describe 'Get-FlowRun -Newest' {
    It 'gets the newest runs of those that fit' {
        $flow = New-Flow many -Store (New-TestFolder) -Parameter @{ Fail = $false } { task a { param($Fail) if ($Fail) { throw 'no' } } }
        foreach ($id in 'a', 'b', 'c') { $null = Invoke-Flow $flow -RunId $id -Parameter @{ Fail = $id -ne 'c' } }
        (Get-FlowRun $flow -Newest 2).RunId | Should -BeExactly 'c', 'b'
        (Get-FlowRun $flow -State Failed -Newest 1).RunId | Should -BeExactly 'b'
        { Get-FlowRun $flow -Newest 0 } | Should -Throw
    }
}
