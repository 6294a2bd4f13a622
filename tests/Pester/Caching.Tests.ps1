BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Caching' {
    BeforeEach {
        $folder = New-TestFolder
        # Without a store, results are cached as long as the session lasts, and in it these tests may have run before.
        $name = "caching $([guid]::NewGuid())"
    }

    It 'a cached result is used again by the next run, and by a flow that is defined again' {
        $log = [Collections.Generic.List[string]]::new()
        $define = {
            New-Flow $name {
                task rates { $log.Add('rates'); 1.5 } -CacheFor 01:00:00
                task use { param($r) "rate $r" } -InputFrom @{ r = 'rates' }
            }
        }
        $first = & $define | Invoke-Flow
        $first.Tasks[0].State | Should -BeExactly 'Cached'
        $first.Tasks[0].CachedUntil | Should -BeGreaterThan ([datetimeoffset]::UtcNow)
        $again = & $define | Invoke-Flow
        $again.Tasks[1].Result | Should -BeExactly 'rate 1.5'
        $log | Should -BeExactly 'rates'
    }

    It 'a store keeps results from process to process' {
        $flow = New-Flow 'caching in a store' -Store $folder { task rates { [pscustomobject]@{ Value = 1.5 } } -CacheFor 3600 }
        $null = Invoke-Flow $flow
        $run = Invoke-Flow $flow
        $run.Tasks[0].Result.Value | Should -BeStrictly 1.5
        $run.Tasks[0].ResultLocation | Should -BeLikeExactly 'cache/tasks/caching in a store/rates/*'
        Remove-Item "$folder/cache" -Recurse -Force
        (Invoke-Flow $flow).Tasks[0].Duration | Should -Not -Be $null -Because 'what was deleted is made again'
    }

    It 'a validator says what the result depends on: <Validator>' -ForEach @(
        @{ Validator = 'DurationOnly'; Runs = 1 }
        @{ Validator = 'AllInputs'; Runs = 4 }
        @{ Validator = 'all_inputs'; Runs = 4 }
        @{ Validator = 'AllParameters'; Runs = 3 }
        @{ Validator = 'NeverUse'; Runs = 5 }
    ) {
        $log = [Collections.Generic.List[string]]::new()
        $source = @{ x = 1 }
        $flow = New-Flow $name -Parameter @{ p = 1; q = 1 } {
            task x { $source.x }
            task sum { param($x, $p) $log.Add("$x $p") } -InputFrom @{ x = 'x' } -CacheFor 600 -CacheValidator $Validator
        }
        $null = Invoke-Flow $flow
        $null = Invoke-Flow $flow -Parameter @{ p = 1 }
        $null = Invoke-Flow $flow -Parameter @{ p = 2 }
        $source.x = 2
        $null = Invoke-Flow $flow -Parameter @{ p = 2 }
        $null = Invoke-Flow $flow -Parameter @{ p = 3; q = 3 }
        $log.Count | Should -Be $Runs
    }

    It 'chosen inputs and parameters' {
        $log = [Collections.Generic.List[string]]::new()
        $source = @{ x = 1 }
        $flow = New-Flow $name -Parameter @{ p = 1; q = 1 } {
            task x { $source.x }
            task sum { param($x, $p) $log.Add("$x $p") } -InputFrom @{ x = 'x' } -CacheFor 600 -CacheValidator @{ Inputs = 'x'; Parameters = 'q' }
        }
        $null = Invoke-Flow $flow
        $null = Invoke-Flow $flow -Parameter @{ p = 2 }
        $null = Invoke-Flow $flow -Parameter @{ q = 2 }
        $source.x = 2
        $null = Invoke-Flow $flow -Parameter @{ q = 2 }
        $log | Should -BeExactly '1 1', '1 1', '2 1'
    }

    It 'a parameter that the block does not take is not an input of it' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow $name -Parameter @{ p = 1; q = 1 } {
            task a { param($p) $log.Add("$p") } -CacheFor 600 -CacheValidator AllInputs
        }
        $null = Invoke-Flow $flow
        $null = Invoke-Flow $flow -Parameter @{ q = 2 }
        $log | Should -BeStrictly '1'
    }

    It 'tasks share a result by its key, and a corrected script runs again' {
        $one = New-Flow 'one' { task a { 'from one' } -CacheFor 600 -CacheKey 'the key' }
        $two = New-Flow 'two' { task b { 'from two' } -CacheFor 600 -CacheKey 'the key' }
        $null = Invoke-Flow $one
        (Invoke-Flow $two).Tasks[0].Result | Should -BeExactly 'from one'
        $null = New-Flow 'three' { task a { 'broken' } -CacheFor 600 } | Invoke-Flow
        (New-Flow 'three' { task a { 'mended' } -CacheFor 600 } | Invoke-Flow).Tasks[0].Result | Should -BeExactly 'mended'
    }

    It 'one cached task a step ends in one step, and in none when its result is kept' {
        $flow = New-Flow $name {
            task a { 1 } -CacheFor 600
            task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } -CacheFor 600 -CacheValidator AllInputs
        }
        $steps = 0
        $run = $null | ConvertTo-FlowState -Flow $flow
        while ($run.HasPending) {
            $steps++
            $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        }
        $steps | Should -Be 2
        $run.Tasks[1].Result | Should -BeStrictly 2
        $run = $flow | ConvertTo-FlowState | Invoke-FlowStep -MaxTasks 1
        $run.Tasks.State | Should -BeExactly 'Cached', 'Cached'
    }

    It 'a secret is not kept, and neither is what depends on one' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow 'secrets are not cached' {
            task token { 'secret' } -Sensitive
            task login {
                param($token)
                $log.Add('login')
                "in with $($token.Length)"
            } -InputFrom @{ token = 'token' } -CacheFor 600 -CacheValidator AllInputs
            task key { $log.Add('key'); [Security.SecureString]::new() } -CacheFor 600
        }
        $warnings = $null
        $null = Invoke-Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings[0] | Should -BeLikeExactly "Task 'login' is not cached: its input 'token' is a secret*"
        (Invoke-Flow $flow -WarningAction Stop).Tasks[2].State | Should -BeExactly 'Success'
        $log | Should -BeExactly 'login', 'key', 'login', 'key'
    }

    It 'what is wrong with caching is said when the task is defined' {
        $flow = New-Flow 'wrong' -Store $folder -Parameter @{ p = 1 }
        { Add-FlowTask $flow a { } -CacheValidator AllInputs } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*need -CacheFor*'
        { Add-FlowTask $flow a { } -CacheKey k } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*need -CacheFor*'
        { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator Some } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru |
                Should -BeLikeExactly "*'Some' is not a cache validator; one is AllInputs, AllParameters, DurationOnly, NeverUse, or a hashtable*"
        { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator 5 } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*'5' is not a cache validator*"
        { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Input = 'x' } } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*'Input' is not a cache validator*"
        { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Inputs = 'x' } } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*names 'x', which is not an existing input*"
        { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Parameters = 'x' } } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru |
                Should -BeLikeExactly "*names 'x', which is not an existing parameter of its flow; there are p*"
        { Add-FlowTask $flow a { } -CacheFor 60 -Sensitive } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*is not cached*'
        { Add-FlowTask $flow a { } -CacheFor 60 -Target 'a.json' } |
            Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly '*both -Target and -CacheFor*'
        { Add-FlowTask $flow a { } -CacheFor 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
