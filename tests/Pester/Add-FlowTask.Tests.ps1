BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Add-FlowTask' {
    It 'the flow comes first' {
        $flow = New-Flow styles
        Add-FlowTask $flow one { 1 }
        $flow.Tasks.Name | Should -BeExactly 'one'
    }

    It 'the flow comes down the pipeline' {
        $flow = New-Flow styles
        $flow | Add-FlowTask one { 1 }
        $flow | Add-FlowTask two { 2 } -After one
        $flow.Tasks.Name | Should -BeExactly 'one', 'two'
    }

    It 'the flow is the one being defined' {
        (New-Flow styles { task one { 1 } }).Tasks.Name | Should -BeExactly 'one'
    }

    It 'parameters may be named in any order' {
        $flow = New-Flow styles
        Add-FlowTask -ScriptBlock { 1 } -Name one -Flow $flow
        $flow.Tasks.Name | Should -BeExactly 'one'
    }

    It 'without a flow there is an error that says how to give one' {
        { Add-FlowTask alone { } } | Should -Throw -ErrorId 'FlowRequired,*' -PassThru | Should -BeLikeExactly '*Add-FlowTask $flow alone*'
    }

    It 'nothing is put out unless asked for' {
        $flow = New-Flow quiet
        Add-FlowTask $flow one { } | Should -Be $null
        (Add-FlowTask $flow two { } -PassThru).Name | Should -BeExactly 'two'
    }

    It 'tasks may be defined before those they wait for' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow backwards {
            task last { $log.Add('last') } -After first
            task first { $log.Add('first') }
        }
        (Invoke-Flow $flow).State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'first', 'last'
    }

    It 'among ready tasks the one defined first runs first' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow fair {
            task z { $log.Add('z') }
            task m { $log.Add('m') } -After a
            task a { $log.Add('a') }
            task b { $log.Add('b') }
        }
        $null = Invoke-Flow $flow
        $log | Should -BeExactly 'z', 'a', 'm', 'b'
    }

    It 'the slug is the name unless another is given' {
        $flow = New-Flow slugs { task plain { }; task 'Load the data' { } -Slug load }
        $flow.Tasks.Slug | Should -BeExactly 'plain', 'load'
    }

    It 'upstream tasks are found by name or slug, whatever the case' {
        $flow = New-Flow names { task 'Load the data' { } -Slug load; task a { } -After LOAD; task b { } -After 'load the data' }
        Test-Flow $flow | Should -BeExactly $true
    }

    It 'a name is unique in its flow, regardless of case' {
        $flow = New-Flow unique { task one { } }
        $caught = { Add-FlowTask $flow ONE { } } | Should -Throw -ErrorId 'FlowTaskExists,*' -PassThru
        $caught.CategoryInfo.Category | Should -BeExactly 'ResourceExists'
    }

    It 'a slug is unique among names, too' {
        $flow = New-Flow unique { task one { } }
        { Add-FlowTask $flow two { } -Slug one } | Should -Throw -ErrorId 'FlowTaskExists,*' -PassThru | Should -BeLikeExactly "*'one'*"
    }

    It 'a refused task leaves the flow as it was' {
        $flow = New-Flow same { task one { } }
        { Add-FlowTask $flow one { } } | Should -Throw -ErrorId 'FlowTaskExists,*'
        Add-FlowTask $flow two { }
        $flow.Tasks.Name | Should -BeExactly 'one', 'two'
    }

    It 'a parameter that the block does not have is refused, with those it has' {
        {
            New-Flow bind {
                task a { }
                task b { param($x, $y) } -InputFrom @{ z = 'a' }
            }
        } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*no parameter 'z'*x, y*"
        {
            New-Flow bind {
                task b { } -Argument @{ n = 1 }
            }
        } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*no parameter 'n'*param(*"
    }

    It 'a parameter cannot take both an input and an argument' {
        {
            New-Flow bind {
                task a { }
                task b { param($x) } -InputFrom @{ x = 'a' } -Argument @{ x = 1 }
            }
        } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*'x'*"
    }

    It 'an input must name a task' {
        {
            New-Flow bind {
                task b { param($x) } -InputFrom @{ x = $null }
            }
        } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*'x'*"
    }

    It 'an input from an unknown task is found when the flow is defined' {
        {
            New-Flow bind {
                task b { param($x) } -InputFrom @{ x = 'nowhere' }
            }
        } | Should -Throw -ErrorId 'FlowTaskNotFound,*' -PassThru | Should -BeLikeExactly "*'nowhere'*"
    }

    It 'an input may be given as a task object' {
        $flow = New-Flow objects
        $source = Add-FlowTask $flow source { 20 } -PassThru
        Add-FlowTask $flow double { param($n) $n * 2 } -InputFrom @{ n = $source }
        (Invoke-Flow $flow).Tasks[1].Result | Should -BeStrictly 40
    }

    It 'upstream tasks may be given as task objects' {
        $flow = New-Flow objects
        $first = Add-FlowTask $flow first { } -PassThru
        Add-FlowTask $flow second { } -After $first
        @($flow.Tasks[1].Upstream) | Should -BeExactly 'first'
    }

    It 'tags are kept, each once' {
        $flow = New-Flow tagged { task a { } -Tag nightly, etl, ETL }
        $flow.Tasks[0].Tags | Should -BeExactly 'etl', 'nightly'
    }

    It 'a flow that has run takes no more tasks' {
        $flow = New-Flow done { task a { } }
        $null = Invoke-Flow $flow
        { Add-FlowTask $flow b { } } | Should -Throw -ErrorId 'FlowFrozen,*' -PassThru | Should -BeLikeExactly '*New-Flow*'
    }

    It 'a task cannot wait for itself' {
        { New-Flow selfish { task a { } -After a } } | Should -Throw -ErrorId 'FlowCycle,*' -PassThru | Should -BeLikeExactly '*a -> a*'
    }

    It 'an expected duration is seconds, or a time' {
        $flow = New-Flow durations
        (Add-FlowTask $flow seconds { } -ExpectedDuration 90 -PassThru).ExpectedDuration | Should -BeStrictly ([timespan]::FromSeconds(90))
        (Add-FlowTask $flow text { } -ExpectedDuration '1.5' -PassThru).ExpectedDuration | Should -BeStrictly ([timespan]::FromSeconds(1.5))
        (Add-FlowTask $flow time { } -ExpectedDuration 00:08:00 -PassThru).ExpectedDuration |
            Should -BeStrictly ([timespan]::FromMinutes(8))
    }

    It 'an expected duration is more than nothing' {
        {
            New-Flow durations {
                task a { } -ExpectedDuration 0
            }
        } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -PassThru | Should -BeLikeExactly '*not greater than zero*'
    }

    It 'a target needs a store that it can be in' {
        {
            New-Flow aimless {
                task a { } -Target 'a.json'
            }
        } | Should -Throw -ErrorId 'FlowTargetInvalid,*' -PassThru | Should -BeLikeExactly "*task 'a'*"
    }
}
