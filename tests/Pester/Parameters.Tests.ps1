BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Parameters' {
    BeforeAll {
        function New-Deployment {
            param([hashtable] $With = @{})

            New-Flow deploy @With -Parameter {
                param(
                    [Parameter(Mandatory)] [ValidateSet('dev', 'prod')] [string] $Environment,
                    [ValidateRange(1, 9)] [int] $Count = 3,
                    [string] $Name = "$Environment-$Count"
                )
            } {
                task plan { param($environment, $Count) "$Count for $environment" }
                task apply { param($plan, $Name) "$plan as $Name" } -InputFrom @{ plan = 'plan' }
            }
        }
    }

    BeforeEach {
        $folder = New-TestFolder
    }

    It 'parameters are given when a run starts, and tasks take them by name' {
        $run = Invoke-Flow (New-Deployment) -Parameter @{ environment = 'dev' }
        $run.Tasks[0].Result | Should -BeExactly '3 for dev'
        $run.Tasks[1].Result | Should -BeExactly '3 for dev as dev-3'
        $run.Parameters['ENVIRONMENT'] | Should -BeExactly 'dev'
        $run.Parameters.Count | Should -Be 3
    }

    It 'values are converted by their types and kept from step to step' {
        $flow = New-Deployment
        $run = Invoke-FlowStep $flow -Parameter @{ Environment = 'prod'; Count = '5' } -MaxTasks 1 -ResetCancelled
        $run.Parameters['Count'] | Should -BeOfType [int]
        $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks[1].Result | Should -BeExactly '5 for prod as prod-5'
        $run.Parameters['Count'] | Should -BeStrictly 5
    }

    It 'any dictionary gives them: <Name>' -ForEach @(
        @{ Name = '$PSBoundParameters'; Make = { function Get-Bound($Day, $Count) { , $PSBoundParameters } Get-Bound -Day 'Monday' -Count 2 } }
        @{ Name = 'a generic one'; Make = { $map = [Collections.Generic.Dictionary[string, object]]::new(); $map['Day'] = 'Monday'; $map['Count'] = 2; , $map } }
        @{ Name = 'a generic one of texts'; Make = { $map = [Collections.Generic.SortedDictionary[string, string]]::new(); $map['Day'] = 'Monday'; $map['Count'] = '2'; , $map } }
        @{ Name = 'an ordered one'; Make = { [ordered] @{ Day = 'Monday'; Count = 2 } } }
    ) {
        $flow = New-Flow given -Parameter { param([string] $Day, [int] $Count = 1) } { task a { param($Day, $Count) "$Day $Count" } }
        (Invoke-Flow $flow -Parameter (& $Make)).Tasks[0].Result | Should -BeExactly 'Monday 2'
        ($null | ConvertTo-FlowState -Flow $flow -Parameter (& $Make)).Parameters['Count'] | Should -BeStrictly 2
        (New-Flow defaults -Parameter (& $Make) { task a { param($Day) $Day } } | Invoke-Flow).Tasks[0].Result | Should -BeExactly 'Monday'
    }

    It 'an alias names a parameter' {
        $define = { New-Flow aliases -Parameter { param([Alias('Date', 'D')] [Parameter(Mandatory)] [datetime] $Day) } { task a { param($Day) $Day.Year }; task b { 1 } } }
        foreach ($name in 'Day', 'date', 'D') {
            $run = Invoke-FlowStep (& $define) -MaxTasks 1 -Parameter @{ $name = '2026-11-29' } -ResetCancelled
            $run.Tasks[0].Result | Should -BeStrictly 2026
            ($run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define)).Parameters['Day'] | Should -BeStrictly ([datetime] '2026-11-29')
        }
        { Invoke-Flow (& $define) -Parameter @{ Day = '2026-11-29'; D = '2026-11-30' } } | Should -Throw -ExpectedMessage '*given twice, by its name and by an alias*'
        { Invoke-Flow (& $define) -Parameter @{ Date = 'no date' } } | Should -Throw -ExpectedMessage '*Day*'
    }

    It 'all that is wrong with the parameters is one error, and no task runs' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow strict -Parameter {
            param([Parameter(Mandatory)] $Needed, [ValidateSet('a', 'b')] $Letter, [int] $Number, [ValidateScript({ $_ -gt 0 })] $Positive = 1)
        } { task never { $log.Add('ran') } }
        $caught = { Invoke-Flow $flow -Parameter @{ Letter = 'z'; Number = 'many'; Positive = 1; Nubmer = 1 } } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru
        "$caught" |
            Should -BeLikeExactly "*'strict'*Nubmer: *no such parameter*Needed: *required*Letter: *a,b*Number: *many*Needed, Letter, Number, Positive*"
        "$caught" | Should -Not -BeLike '*Positive:*' -Because 'what is right is not in the list'
        $caught.CategoryInfo.Category | Should -BeExactly 'InvalidArgument'
        $log.Count | Should -Be 0

        { Invoke-FlowStep $flow } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Needed: It is required*'
        { $null | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Needed*'
        { Invoke-Flow $flow -Parameter @{ Needed = $null } } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Needed: *null*'
    }

    It 'a default that cannot be had is such an error, too' {
        $flow = New-Flow broken -Parameter { param($Fine = 1, $Bad = $(throw 'no default')) } { task a { } }
        { Invoke-Flow $flow } | Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*no default*'
        (Invoke-Flow $flow -Parameter @{ Bad = 1 }).State | Should -BeExactly 'Success'
    }

    It 'a block of parameters is bound once' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow once -Parameter { param([ValidateScript({ $log.Add("checked $_"); $true })] $A, $B = $($log.Add('default'); 2)) } {
            task a { }
        }
        $run = $null | ConvertTo-FlowState -Flow $flow -Parameter @{ A = 1 } | Invoke-FlowStep |
            ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run.Parameters['B'] | Should -BeStrictly 2
        $log | Should -BeExactly 'checked 1', 'default'
    }

    It 'a hashtable declares names and defaults' {
        $flow = New-Flow simple -Parameter @{ Count = 3; Environment = $null } {
            task show { param($Count, $Environment) "$Count<$Environment>" }
        }
        $flow.Parameters | Should -BeExactly 'Count', 'Environment'
        (Invoke-Flow $flow).Tasks[0].Result | Should -BeExactly '3<>'
        (Invoke-Flow $flow -Parameter @{ count = 'many'; environment = 'dev' }).Tasks[0].Result | Should -BeExactly 'many<dev>'
        { Invoke-Flow $flow -Parameter @{ Other = 1 } } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Other: *no such parameter*'
    }

    It 'a flow without parameters takes none' {
        { New-Flow plain {
            task a { }
        } | Invoke-Flow -Parameter @{ A = 1 } } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*has no parameters*New-Flow -Parameter*'
    }

    It 'a run that there is keeps its parameters' {
        $flow = New-Deployment
        $given = @{ Environment = 'dev' }
        $run = Invoke-FlowStep $flow -Parameter $given -MaxTasks 1 -ResetCancelled
        { $run | Invoke-FlowStep -Parameter $given } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*keeps the parameters with which it started*'
        { $run | Invoke-Flow -Parameter $given } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
        { $run.Tasks | ConvertTo-FlowState -Parameter $given } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
        { $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow -Parameter $given } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*'
    }

    It 'an empty message is a new run with its parameters' {
        $run = $null | ConvertTo-FlowState -Flow (New-Deployment) -Parameter @{ Environment = 'dev'; Count = 1 }
        ($run | Invoke-FlowStep).Tasks[0].Result | Should -BeExactly '1 for dev'
    }

    It 'a document that carries no parameters takes them as a new run does' {
        $flow = New-Deployment
        $array = Invoke-FlowStep $flow -Parameter @{ Environment = 'dev' } -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -AsPrefect
        { $array | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Environment: *required*'
        $run = $array | ConvertTo-FlowState -Flow $flow -Parameter @{ Environment = 'prod' } | Invoke-FlowStep
        $run.Tasks[1].Result | Should -BeExactly '3 for dev as prod-3'
    }

    It 'inputs and arguments of a task go before parameters of the flow' {
        $run = New-Flow before -Parameter @{ A = 'parameter'; B = 'parameter'; C = 'parameter' } {
            task first { 'input' }
            task second { param($A, $B, $C) "$A $B $C" } -InputFrom @{ A = 'first' } -Argument @{ B = 'argument' }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeExactly 'input argument parameter'
    }

    It 'children, blocks with attributes and conditions take parameters, too' {
        $run = New-Flow taken -Parameter @{ Factor = 10; Skip = $true } {
            task numbers { 1, 2 }
            task each { param($n, $Factor) $n * $Factor } -Map @{ n = 'numbers' }
            task strict { [CmdletBinding()] param([Parameter(Mandatory)] [int] $Factor) $Factor }
            task left { 'left' } -When { param($Skip) -not $Skip }
        } | Invoke-Flow
        $run.Tasks[1].Result | Should -BeStrictly 10, 20
        $run.Tasks[2].Result | Should -BeStrictly 10
        $run.Tasks[3].State | Should -BeExactly 'Skipped'
    }

    It 'tasks in runspaces of their own take the same parameters' {
        $run = New-Flow beside -Parameter @{ Factor = 10; Unused = 1 } {
            task numbers { 1, 2 }
            task each { param($n, $factor) $n * $factor } -Map @{ n = 'numbers' }
            task context { $FlowContext.Parameters['Factor'] }
        } | Invoke-Flow -Parameter @{ Factor = 5 } -ThrottleLimit 2
        $run.Tasks[1].Result | Should -BeStrictly 5, 10
        $run.Tasks[2].Result | Should -BeStrictly 5
    }

    It 'FlowContext has the parameters' {
        $run = New-Flow context -Parameter @{ Word = 'hello' } { task a { $FlowContext.Parameters['word'] } } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeExactly 'hello'
        $run.Parameters.Word | Should -BeExactly 'hello'
    }

    It 'targets name parameters' {
        $flow = New-Deployment @{ Store = $folder; Target = '{Environment}/{parameters[count]:000}/{task_name}.txt' }
        $run = Invoke-Flow $flow -Parameter @{ Environment = 'prod' }
        $run.Tasks[0].ResultLocation | Should -BeExactly 'prod/003/plan.txt'
        (Invoke-Flow $flow -Parameter @{ Environment = 'dev' }).Tasks[0].State | Should -BeExactly 'Success'
        (Invoke-Flow $flow -Parameter @{ Environment = 'dev' }).Tasks[0].State | Should -BeExactly 'Cached'
        { New-Deployment @{ Store = $folder; Target = '{Enviroment}/{task_name}' } } |
            Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*'Enviroment'*date*Environment, Count, Name*"
    }

    It 'every kind of value is in all steps what it is in the first' {
        $flow = New-Flow kinds -Parameter {
            param(
                [datetime] $Date = '2026-11-24', [long] $Long = 1, [switch] $On, [string[]] $List = @('a'), [DayOfWeek] $Day = 'Monday',
                [hashtable] $Table = @{ n = 1 }, $Text = 'x')
        } { task a { } }
        $first = $null | ConvertTo-FlowState -Flow $flow -Parameter @{ On = $true }
        $second = $first | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        foreach ($name in $flow.Parameters) {
            , $second.Parameters[$name] | Should -BeStrictly $first.Parameters[$name] -Because $name
            $second.Parameters[$name].GetType().FullName | Should -BeExactly $first.Parameters[$name].GetType().FullName -Because $name
        }
        $second.Parameters['Date'] | Should -BeStrictly ([datetime]::new(2026, 11, 24))
        $second.Parameters['On'] | Should -BeStrictly $true
        $second.Parameters['List'].Count | Should -Be 1
    }

    It 'a secret is not a parameter' {
        $secret = [securestring]::new()
        { New-Flow secret -Parameter { param([securestring] $Password) } } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly "*'Password' is a secret*"
        { New-Flow secret -Parameter { param([pscredential] $Login) } } | Should -Throw -ErrorId 'FlowInvalid,*'
        { New-Flow secret -Parameter @{ Password = $null } | Invoke-Flow -Parameter @{ Password = $secret } } |
            Should -Throw -ErrorId 'FlowParameterInvalid,*' -PassThru | Should -BeLikeExactly '*Password: A secret*'
    }

    It 'what is wrong with a declaration is said where it stands' {
        { New-Flow odd -Parameter { param($A) $A } } |
            Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*may only contain a param block*'
        { New-Flow odd -Parameter { 'no param block' } } | Should -Throw -ErrorId 'FlowInvalid,*'
        { New-Flow odd -Parameter 5 } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly "*not '5'*"
        $table = [hashtable]::new()
        $table['a'] = 1
        $table['A'] = 2
        { New-Flow odd -Parameter $table } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru | Should -BeLikeExactly '*twice*'
    }

    It 'a parameter that the flow no longer has is reported, and a new one has its default' {
        $document = New-Flow changing -Parameter @{ Old = 1; Kept = 2 } { task a { } } | Invoke-FlowStep | ConvertFrom-FlowState
        $flow = New-Flow changing -Parameter { param($Kept, $Added = $Kept + 1) } { task a { } }
        $run = $document | ConvertTo-FlowState -Flow $flow -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLikeExactly "*'Old'*"
        $run.Parameters | Should -BeStrictly @{ Kept = 2; Added = 3 }
    }
}
