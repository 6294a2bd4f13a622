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

Scenario 'parameters are given when a run starts, and tasks take them by name' {
    $run = Invoke-Flow (New-Deployment) -Parameter @{ environment = 'dev' }
    Assert-Equal '3 for dev' $run.Tasks[0].Result
    Assert-Equal '3 for dev as dev-3' $run.Tasks[1].Result
    Assert-Equal 'dev' $run.Parameters['ENVIRONMENT']
    Assert-Equal 3 $run.Parameters.Count
}

Scenario 'values are converted by their types and kept from step to step' {
    $flow = New-Deployment
    $run = Invoke-FlowStep $flow -Parameter @{ Environment = 'prod'; Count = '5' } -MaxTasks 1 -ResetCancelled
    Assert-True ($run.Parameters['Count'] -is [int])
    $run = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal '5 for prod as prod-5' $run.Tasks[1].Result
    Assert-Equal 5 $run.Parameters['Count']
}

Scenario 'all that is wrong with the parameters is one error, and no task runs' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow strict -Parameter {
        param([Parameter(Mandatory)] $Needed, [ValidateSet('a', 'b')] $Letter, [int] $Number, [ValidateScript({ $_ -gt 0 })] $Positive = 1)
    } { task never { $log.Add('ran') } }
    $caught = Assert-Error FlowParameterInvalid { Invoke-Flow $flow -Parameter @{ Letter = 'z'; Number = 'many'; Positive = 1; Nubmer = 1 } }
    Assert-Like "*'strict'*Nubmer: *no such parameter*Needed: *required*Letter: *a,b*Number: *many*Needed, Letter, Number, Positive*" "$caught"
    Assert-True ("$caught" -notlike '*Positive:*') 'what is right is not in the list'
    Assert-Equal 'InvalidArgument' $caught.CategoryInfo.Category
    Assert-Equal 0 $log.Count

    $null = Assert-Error FlowParameterInvalid { Invoke-FlowStep $flow } -Like '*Needed: It is required*'
    $null = Assert-Error FlowParameterInvalid { $null | ConvertTo-FlowState -Flow $flow } -Like '*Needed*'
    $null = Assert-Error FlowParameterInvalid { Invoke-Flow $flow -Parameter @{ Needed = $null } } -Like '*Needed: *null*'
}

Scenario 'a default that cannot be had is such an error, too' {
    $flow = New-Flow broken -Parameter { param($Fine = 1, $Bad = $(throw 'no default')) } { task a { } }
    $null = Assert-Error FlowParameterInvalid { Invoke-Flow $flow } -Like '*no default*'
    Assert-Equal 'Success' (Invoke-Flow $flow -Parameter @{ Bad = 1 }).State
}

Scenario 'a block of parameters is bound once' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow once -Parameter { param([ValidateScript({ $log.Add("checked $_"); $true })] $A, $B = $($log.Add('default'); 2)) } { task a { } }
    $run = $null | ConvertTo-FlowState -Flow $flow -Parameter @{ A = 1 } | Invoke-FlowStep | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    Assert-Equal 2 $run.Parameters['B']
    Assert-Equal @('checked 1', 'default') $log
}

Scenario 'a hashtable declares names and defaults' {
    $flow = New-Flow simple -Parameter @{ Count = 3; Environment = $null } { task show { param($Count, $Environment) "$Count<$Environment>" } }
    Assert-Equal @('Count', 'Environment') $flow.Parameters
    Assert-Equal '3<>' (Invoke-Flow $flow).Tasks[0].Result
    Assert-Equal 'many<dev>' (Invoke-Flow $flow -Parameter @{ count = 'many'; environment = 'dev' }).Tasks[0].Result
    $null = Assert-Error FlowParameterInvalid { Invoke-Flow $flow -Parameter @{ Other = 1 } } -Like '*Other: *no such parameter*'
}

Scenario 'a flow without parameters takes none' {
    $null = Assert-Error FlowParameterInvalid { New-Flow plain { task a { } } | Invoke-Flow -Parameter @{ A = 1 } } -Like '*has no parameters*New-Flow -Parameter*'
}

Scenario 'a run that there is keeps its parameters' {
    $flow = New-Deployment
    $given = @{ Environment = 'dev' }
    $run = Invoke-FlowStep $flow -Parameter $given -MaxTasks 1 -ResetCancelled
    $null = Assert-Error FlowParameterInvalid { $run | Invoke-FlowStep -Parameter $given } -Like '*keeps the parameters it was started with*'
    $null = Assert-Error FlowParameterInvalid { $run | Invoke-Flow -Parameter $given }
    $null = Assert-Error FlowParameterInvalid { $run.Tasks | ConvertTo-FlowState -Parameter $given }
    $null = Assert-Error FlowParameterInvalid { $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow -Parameter $given }
}

Scenario 'an empty message is a new run with its parameters' {
    $run = '' | ConvertTo-FlowState -Flow (New-Deployment) -Parameter @{ Environment = 'dev'; Count = 1 }
    Assert-Equal '1 for dev' ($run | Invoke-FlowStep).Tasks[0].Result
}

Scenario 'a document that carries no parameters takes them as a new run does' {
    $flow = New-Deployment
    $array = Invoke-FlowStep $flow -Parameter @{ Environment = 'dev' } -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -AsPrefect
    $null = Assert-Error FlowParameterInvalid { $array | ConvertTo-FlowState -Flow $flow } -Like '*Environment: *required*'
    $run = $array | ConvertTo-FlowState -Flow $flow -Parameter @{ Environment = 'prod' } | Invoke-FlowStep
    Assert-Equal '3 for dev as prod-3' $run.Tasks[1].Result
}

Scenario 'inputs and arguments of a task go before parameters of the flow' {
    $run = New-Flow before -Parameter @{ A = 'parameter'; B = 'parameter'; C = 'parameter' } {
        task first { 'input' }
        task second { param($A, $B, $C) "$A $B $C" } -InputFrom @{ A = 'first' } -Argument @{ B = 'argument' }
    } | Invoke-Flow
    Assert-Equal 'input argument parameter' $run.Tasks[1].Result
}

Scenario 'children, blocks with attributes and conditions take parameters, too' {
    $run = New-Flow taken -Parameter @{ Factor = 10; Skip = $true } {
        task numbers { 1, 2 }
        task each { param($n, $Factor) $n * $Factor } -Map @{ n = 'numbers' }
        task strict { [CmdletBinding()] param([Parameter(Mandatory)] [int] $Factor) $Factor }
        task left { 'left' } -When { param($Skip) -not $Skip }
    } | Invoke-Flow
    Assert-Equal @(10, 20) $run.Tasks[1].Result
    Assert-Equal 10 $run.Tasks[2].Result
    Assert-Equal 'Skipped' $run.Tasks[3].State
}

Scenario 'tasks in runspaces of their own take the same parameters' {
    $run = New-Flow beside -Parameter @{ Factor = 10; Unused = 1 } {
        task numbers { 1, 2 }
        task each { param($n, $factor) $n * $factor } -Map @{ n = 'numbers' }
        task context { $FlowContext.Parameters['Factor'] }
    } | Invoke-Flow -Parameter @{ Factor = 5 } -ThrottleLimit 2
    Assert-Equal @(5, 10) $run.Tasks[1].Result
    Assert-Equal 5 $run.Tasks[2].Result
}

Scenario 'FlowContext has the parameters' {
    $run = New-Flow context -Parameter @{ Word = 'hello' } { task a { $FlowContext.Parameters['word'] } } | Invoke-Flow
    Assert-Equal 'hello' $run.Tasks[0].Result
    Assert-Equal 'hello' $run.Parameters.Word
}

Scenario 'targets name parameters' {
    $flow = New-Deployment @{ Store = (Get-ScenarioFolder); Target = '{Environment}/{parameters[count]:000}/{task_name}.txt' }
    $run = Invoke-Flow $flow -Parameter @{ Environment = 'prod' }
    Assert-Equal 'prod/003/plan.txt' $run.Tasks[0].ResultLocation
    Assert-Equal 'Success' (Invoke-Flow $flow -Parameter @{ Environment = 'dev' }).Tasks[0].State
    Assert-Equal 'Cached' (Invoke-Flow $flow -Parameter @{ Environment = 'dev' }).Tasks[0].State
    $null = Assert-Error FlowTargetInvalid { New-Deployment @{ Store = (Get-ScenarioFolder); Target = '{Enviroment}/{task_name}' } } -Like "*'Enviroment'*date*Environment, Count, Name*"
}

Scenario 'every kind of value is in all steps what it is in the first' {
    $flow = New-Flow kinds -Parameter {
        param([datetime] $Date = '2026-11-24', [long] $Long = 1, [switch] $On, [string[]] $List = @('a'), [DayOfWeek] $Day = 'Monday', [hashtable] $Table = @{ n = 1 }, $Text = 'x')
    } { task a { } }
    $first = $null | ConvertTo-FlowState -Flow $flow -Parameter @{ On = $true }
    $second = $first | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    foreach ($name in $flow.Parameters) {
        Assert-Equal $first.Parameters[$name] $second.Parameters[$name] -Because $name
        Assert-Equal $first.Parameters[$name].GetType().FullName $second.Parameters[$name].GetType().FullName -Because $name
    }
    Assert-Equal ([datetime]::new(2026, 11, 24)) $second.Parameters['Date']
    Assert-Equal $true $second.Parameters['On']
    Assert-Equal 1 $second.Parameters['List'].Count
}

Scenario 'a secret is no parameter' {
    $secret = [securestring]::new()
    $null = Assert-Error FlowInvalid { New-Flow secret -Parameter { param([securestring] $Password) } } -Like "*'Password' is a secret*"
    $null = Assert-Error FlowInvalid { New-Flow secret -Parameter { param([pscredential] $Login) } }
    $null = Assert-Error FlowParameterInvalid { New-Flow secret -Parameter @{ Password = $null } | Invoke-Flow -Parameter @{ Password = $secret } } -Like '*Password: A secret*'
}

Scenario 'what is wrong with a declaration is said where it stands' {
    $null = Assert-Error FlowInvalid { New-Flow odd -Parameter { param($A) $A } } -Like '*a param block and nothing else*'
    $null = Assert-Error FlowInvalid { New-Flow odd -Parameter { 'no param block' } }
    $null = Assert-Error FlowInvalid { New-Flow odd -Parameter 5 } -Like "*not '5'*"
    $table = [hashtable]::new()
    $table['a'] = 1
    $table['A'] = 2
    $null = Assert-Error FlowInvalid { New-Flow odd -Parameter $table } -Like '*twice*'
}

Scenario 'a parameter that the flow no longer has is reported, and a new one has its default' {
    $document = New-Flow changing -Parameter @{ Old = 1; Kept = 2 } { task a { } } | Invoke-FlowStep | ConvertFrom-FlowState
    $flow = New-Flow changing -Parameter { param($Kept, $Added = $Kept + 1) } { task a { } }
    $run = $document | ConvertTo-FlowState -Flow $flow -WarningVariable warned -WarningAction SilentlyContinue
    Assert-Like "*'Old'*" "$warned"
    Assert-Equal @{ Kept = 2; Added = 3 } $run.Parameters
}
