Scenario 'a cached result is used again by the next run, and by a flow that is defined anew' {
    $log = [Collections.Generic.List[string]]::new()
    $define = { New-Flow caching { task rates { $log.Add('rates'); 1.5 } -CacheFor 01:00:00; task use { param($r) "rate $r" } -InputFrom @{ r = 'rates' } } }
    $first = & $define | Invoke-Flow
    Assert-Equal 'Cached' $first.Tasks[0].State
    Assert-True ($first.Tasks[0].CachedUntil -gt [datetimeoffset]::UtcNow)
    $again = & $define | Invoke-Flow
    Assert-Equal 'rate 1.5' $again.Tasks[1].Result
    Assert-Equal @('rates') $log
}

Scenario 'a store keeps results from process to process' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow 'caching in a store' -Store $folder { task rates { [pscustomobject]@{ Value = 1.5 } } -CacheFor 3600 }
    $null = Invoke-Flow $flow
    $run = Invoke-Flow $flow
    Assert-Equal 1.5 $run.Tasks[0].Result.Value
    Assert-Like 'cache/tasks/caching in a store/rates/*' $run.Tasks[0].ResultLocation
    [IO.Directory]::Delete([IO.Path]::Combine($folder, 'cache'), $true)
    Assert-True ($null -ne (Invoke-Flow $flow).Tasks[0].Duration) 'what was deleted is made again'
}

Scenario 'a validator says what the result depends on' {
    $cases = @{
        DurationOnly = 1; AllInputs = 4; all_inputs = 4; AllParameters = 3; NeverUse = 5
    }
    foreach ($validator in $cases.Keys) {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow "validators $validator" -Parameter @{ p = 1; q = 1 } {
            task x { $script:x }
            task sum { param($x, $p) $log.Add("$x $p") } -InputFrom @{ x = 'x' } -CacheFor 600 -CacheValidator $validator
        }
        $script:x = 1
        $null = Invoke-Flow $flow
        $null = Invoke-Flow $flow -Parameter @{ p = 1 }
        $null = Invoke-Flow $flow -Parameter @{ p = 2 }
        $script:x = 2
        $null = Invoke-Flow $flow -Parameter @{ p = 2 }
        $null = Invoke-Flow $flow -Parameter @{ p = 3; q = 3 }
        Assert-Equal $cases[$validator] $log.Count -Because $validator
    }
}

Scenario 'chosen inputs and parameters' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow 'chosen' -Parameter @{ p = 1; q = 1 } {
        task x { $script:x }
        task sum { param($x, $p) $log.Add("$x $p") } -InputFrom @{ x = 'x' } -CacheFor 600 -CacheValidator @{ Inputs = 'x'; Parameters = 'q' }
    }
    $script:x = 1
    $null = Invoke-Flow $flow
    $null = Invoke-Flow $flow -Parameter @{ p = 2 }
    $null = Invoke-Flow $flow -Parameter @{ q = 2 }
    $script:x = 2
    $null = Invoke-Flow $flow -Parameter @{ q = 2 }
    Assert-Equal @('1 1', '1 1', '2 1') $log
}

Scenario 'a parameter that the block does not take is no input of it' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow 'not taken' -Parameter @{ p = 1; q = 1 } { task a { param($p) $log.Add("$p") } -CacheFor 600 -CacheValidator AllInputs }
    $null = Invoke-Flow $flow
    $null = Invoke-Flow $flow -Parameter @{ q = 2 }
    Assert-Equal @('1') $log
}

Scenario 'tasks share a result by its key, and a mended script runs again' {
    $one = New-Flow 'one' { task a { 'from one' } -CacheFor 600 -CacheKey 'the key' }
    $two = New-Flow 'two' { task b { 'from two' } -CacheFor 600 -CacheKey 'the key' }
    $null = Invoke-Flow $one
    Assert-Equal 'from one' (Invoke-Flow $two).Tasks[0].Result
    $null = New-Flow 'three' { task a { 'broken' } -CacheFor 600 } | Invoke-Flow
    Assert-Equal 'mended' (New-Flow 'three' { task a { 'mended' } -CacheFor 600 } | Invoke-Flow).Tasks[0].Result
}

Scenario 'one cached task a step ends in one step, and in none when its result is kept' {
    $flow = New-Flow 'cached steps' { task a { 1 } -CacheFor 600; task b { param($x) $x + 1 } -InputFrom @{ x = 'a' } -CacheFor 600 -CacheValidator AllInputs }
    $steps = 0
    $run = $null | ConvertTo-FlowState -Flow $flow
    while ($run.HasPending) { $steps++; $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow }
    Assert-Equal 2 $steps
    Assert-Equal 2 $run.Tasks[1].Result
    $run = $flow | ConvertTo-FlowState | Invoke-FlowStep -MaxTasks 1
    Assert-Equal @('Cached', 'Cached') $run.Tasks.State
}

Scenario 'a secret is not kept, and neither is what depends on one' {
    $log = [Collections.Generic.List[string]]::new()
    $flow = New-Flow 'secrets are not cached' {
        task token { 'secret' } -Sensitive
        task login { param($token) $log.Add('login'); "in with $($token.Length)" } -InputFrom @{ token = 'token' } -CacheFor 600 -CacheValidator AllInputs
        task key { $log.Add('key'); [Security.SecureString]::new() } -CacheFor 600
    }
    $warnings = $null
    $null = Invoke-Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Like "Task 'login' is not cached: its input 'token' is a secret*" $warnings[0]
    Assert-Equal 'Success' (Invoke-Flow $flow -WarningAction Stop).Tasks[2].State
    Assert-Equal @('login', 'key', 'login', 'key') $log
}

Scenario 'what is wrong with caching is said when the task is defined' {
    $flow = New-Flow 'wrong' -Store (Get-ScenarioFolder) -Parameter @{ p = 1 }
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheValidator AllInputs } -Like '*need -CacheFor*'
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheKey k } -Like '*need -CacheFor*'
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator Some } -Like "*'Some' is not a cache validator; one is AllInputs, AllParameters, DurationOnly, NeverUse, or a hashtable*"
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator 5 } -Like "*'5' is not a cache validator*"
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Input = 'x' } } -Like "*'Input' is not a cache validator*"
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Inputs = 'x' } } -Like "*names 'x', which is no input*"
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -CacheValidator @{ Parameters = 'x' } } -Like "*names 'x', which is no parameter of its flow; there are p*"
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -Sensitive } -Like '*is not cached*'
    Assert-Error FlowTaskInvalid { Add-FlowTask $flow a { } -CacheFor 60 -Target 'a.json' } -Like '*both -Target and -CacheFor*'
    Assert-Error ParameterArgumentValidationError { Add-FlowTask $flow a { } -CacheFor 0 }
}
