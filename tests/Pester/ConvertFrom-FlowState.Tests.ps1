BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'ConvertFrom-FlowState' {
    BeforeEach {
        $flow = New-Flow pair {
            task one { 1 } -Tag first
            task two { param($n) $n + 1 } -InputFrom @{ n = 'one' } -Slug second
        }
    }

    It 'a run becomes one text of JSON' {
        $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
        $json | Should -BeOfType [string] -Because 'it is a string'
        $json | Should -BeLikeExactly '{"version":1,"flow":{"name":"pair","fingerprint":"sha256:*'
        $json |
            Should -BeLikeExactly '*"tasks":[[]{"task":{"slug":"one"},"state":{"type":"Success","message":"Task run succeeded.","_result":{"type":"Result","value":1}}*'
        $json |
            Should -BeLikeExactly '*{"task":{"slug":"second","name":"two"},"state":{"type":"Cancelled","message":"Flow run is cancelled"}}]}'
    }

    It 'the same run is written the same each time' {
        $run = Invoke-Flow $flow
        $json = ConvertFrom-FlowState $run
        ConvertFrom-FlowState $run | Should -BeStrictly $json
        $json | ConvertTo-FlowState -Flow $flow | ConvertFrom-FlowState | Should -BeStrictly $json
    }

    It 'equal flows have equal fingerprints, others do not' {
        $same = { ConvertTo-FlowState (New-Flow same { task a { 1 } }) | ConvertFrom-FlowState }
        $fingerprint = { param($json) [regex]::Match($json, 'sha256:[0-9a-f]{64}').Value }
        & $fingerprint (& $same) | Should -BeStrictly (& $fingerprint (& $same))
        $other = ConvertTo-FlowState (New-Flow same { task a { 2 } }) | ConvertFrom-FlowState
        & $fingerprint $other | Should -Not -Be (& $fingerprint (& $same)) -Because 'another body makes another flow'
    }

    It 'for Prefect the bare array is written, each state with its fields' {
        $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState -AsPrefect
        $json |
            Should -BeLikeExactly '[[]{"task":{"slug":"one"},"state":{"type":"Success","message":"Task run succeeded.","_result":{"type":"Result","location":null,"__version__":"1.4.1"},"context":{"tags":[[]"first"]*'
        $json |
            Should -BeLikeExactly '*"state":{"type":"Cancelled","message":"Flow run is cancelled","_result":{"type":"NoResultType","__version__":"1.4.1"},"context":{"tags":[[]]},"cached_inputs":{},"__version__":"1.4.1"}}]'
    }

    It 'what is written for Prefect loses nothing here' {
        $before = Invoke-FlowStep $flow -MaxTasks 1
        $after = $before | ConvertFrom-FlowState -AsPrefect | ConvertTo-FlowState -Flow $flow
        $after.Tasks.State | Should -BeExactly 'Success', 'Cancelled'
        $after.Tasks[0].Result | Should -BeStrictly 1
        $after.Tasks[0].StartTime | Should -BeExactly $before.Tasks[0].StartTime
        ($after | Invoke-FlowStep -ResetCancelled).Tasks[1].Result | Should -BeStrictly 2
    }

    It 'every kind of result comes back as it was: <Kind>' -ForEach @(
        @{ Kind = 'text'; Value = "line 1`nline 2 $([char] 0xe9)" }
        @{ Kind = 'empty text'; Value = '' }
        @{ Kind = 'number'; Value = 42 }
        @{ Kind = 'large number'; Value = 9007199254740993 }
        @{ Kind = 'fraction'; Value = 0.1 }
        @{ Kind = 'double that is whole'; Value = [double] 3 }
        @{ Kind = 'true'; Value = $true }
        @{ Kind = 'decimal'; Value = 12.30d }
        @{ Kind = 'time'; Value = [datetime]::SpecifyKind([datetime] '2024-02-29T12:34:56.789', 'Utc') }
        @{ Kind = 'timespan'; Value = [timespan]::FromMinutes(90) }
        @{ Kind = 'guid'; Value = [guid] '7f4f0a1e-6f0e-4a53-9d5e-0c1a3a0f2b61' }
        @{ Kind = 'bytes'; Value = [byte[]] (0, 127, 255) }
        @{ Kind = 'version'; Value = [version] '1.2.3' }
        @{ Kind = 'character'; Value = [char] 'x' }
        @{ Kind = 'infinity'; Value = [double]::PositiveInfinity }
    ) {
        $one = New-Flow value { task give { , $Value } }
        $result = (Invoke-Flow $one | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $one).Tasks[0].Result
        $result.GetType().Name | Should -BeExactly $Value.GetType().Name
        $result | Should -BeStrictly $Value
    }

    It 'lists, records and tables come back with their parts' {
        $one = New-Flow values {
            task list { 1, 'two', $null, @(3, 4) }
            task record { [pscustomobject]@{ Name = 'n'; Inner = [pscustomobject]@{ Deep = 1 } } }
            task table { @{ a = 1; b = @{ c = 2 } } }
            task ordered { [ordered]@{ z = 1; a = 2 } }
        }
        $tasks = (Invoke-Flow $one | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $one).Tasks
        $tasks[0].Result | Should -BeStrictly @(1, 'two', $null, @(3, 4))
        @($tasks[1].Result.Name, $tasks[1].Result.Inner.Deep) | Should -BeStrictly 'n', 1
        $tasks[2].Result | Should -BeOfType [hashtable] -Because 'a table comes back as a table'
        $tasks[2].Result.b.c | Should -BeStrictly 2
        @($tasks[3].Result.Keys) | Should -BeExactly 'z', 'a'
    }

    It 'a failed task keeps its error: <Part>' -ForEach @(
        @{ Part = 'Message' }
        @{ Part = 'Id' }
        @{ Part = 'ExceptionType' }
        @{ Part = 'ScriptName' }
        @{ Part = 'Line' }
        @{ Part = 'LineText' }
        @{ Part = 'Stack' }
    ) {
        $bad = New-Flow bad { task a { throw 'no luck' } }
        $before = Invoke-Flow $bad
        $after = $before | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $bad
        $after.Tasks[0].Message | Should -BeExactly 'Error during execution of task: no luck'
        $after.Tasks[0].Error.$Part | Should -BeStrictly $before.Tasks[0].Error.$Part
    }

    It 'several runs are several documents' {
        @((Invoke-Flow $flow), (Invoke-Flow $flow) | ConvertFrom-FlowState).Count | Should -Be 2
    }

    It 'a compact document is one short text' {
        $large = New-Flow large { foreach ($n in 1..1000) { task "task$n" { } } }
        $before = Invoke-FlowStep $large -MaxTasks 500
        $document = $before | ConvertFrom-FlowState -Compact
        $document | Should -MatchExactly '^pfs1\.[A-Za-z0-9_-]+$' -Because 'it is safe text'
        $document.Length | Should -BeLessThan 1000 -Because "it is short, not $($document.Length)"
        $after = $document | ConvertTo-FlowState -Flow $large
        $after.Tasks.State | Should -BeStrictly $before.Tasks.State
        @($after.RunId, $after.Step) | Should -BeStrictly $before.RunId, 1
    }

    It 'a compact document keeps results, and times where it is to: <With>' -ForEach @(
        @{ With = $false }
        @{ With = $true }
    ) {
        $before = Invoke-Flow $flow
        $after = $before | ConvertFrom-FlowState -Compact -IncludeTimes:$With | ConvertTo-FlowState -Flow $flow
        $after.Tasks.Result | Should -BeStrictly 1, 2
        $null -ne $after.Tasks[0].Duration | Should -BeStrictly $With
    }

    It 'a compact document is for the very flow, unless the slugs travel' {
        $old = New-Flow grows { task a { 1 } }
        $new = New-Flow grows { task b { 2 }; task a { 1 } }
        $document = Invoke-Flow $old | ConvertFrom-FlowState -Compact
        { $document | ConvertTo-FlowState -Flow $new } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru |
                Should -BeLikeExactly "*Flow 'grows' has changed since. To allow changes of the flow, write it with ConvertFrom-FlowState -Compact -MatchBySlug*"
        $document = Invoke-Flow $old | ConvertFrom-FlowState -Compact -MatchBySlug
        ($document | ConvertTo-FlowState -Flow $new -WarningAction SilentlyContinue).Tasks.State | Should -BeExactly 'Pending', 'Success'
    }

    It 'a signed document is taken with its key, and no other is' {
        $key = [byte[]] (1..32)
        foreach ($compact in @{}, @{ Compact = $true }) {
            $document = Invoke-Flow $flow | ConvertFrom-FlowState -SigningKey $key @compact
            ($document | ConvertTo-FlowState -Flow $flow -SigningKey $key).State | Should -BeExactly 'Success'
            ($document | ConvertTo-FlowState -Flow $flow).State | Should -BeExactly 'Success'
            $caught = { $document.Replace('a', 'b') | ConvertTo-FlowState -Flow $flow -SigningKey $key } |
                Should -Throw -ErrorId 'FlowStateTampered,*' -PassThru
            $caught.CategoryInfo.Category | Should -BeExactly 'SecurityError'
            { $document | ConvertTo-FlowState -Flow $flow -SigningKey ([byte[]] (2..33)) } | Should -Throw -ErrorId 'FlowStateTampered,*'
            { Invoke-Flow $flow | ConvertFrom-FlowState @compact | ConvertTo-FlowState -Flow $flow -SigningKey $key } |
                Should -Throw -ErrorId 'FlowStateTampered,*' -PassThru | Should -BeLikeExactly '*it is not signed*'
            { $document | ConvertTo-FlowState -Flow (New-Flow other {
                task one { 1 }
            }) -SigningKey $key } |
                Should -Throw -ErrorId 'FlowStateTampered,*' -PassThru | Should -BeLikeExactly "*it is of flow 'pair', not of 'other'*"
        }
    }

    It 'a key is a SecureString or bytes, by its id where there are several' {
        $secret = ConvertTo-SecureString 'a secret of some length' -AsPlainText -Force
        $run = Invoke-Flow $flow
        ($run | ConvertFrom-FlowState -SigningKey $secret | ConvertTo-FlowState -Flow $flow -SigningKey $secret).State |
            Should -BeExactly 'Success'
        $keys = @{ old = $secret; new = [byte[]] (1..32) }
        $document = $run | ConvertFrom-FlowState -SigningKey $keys -SigningKeyId new
        $document | Should -BeLikeExactly '*"signature":{"keyId":"new","hmacSha256":"*"}}'
        ($document | ConvertTo-FlowState -Flow $flow -SigningKey $keys).State | Should -BeExactly 'Success'
        $document = $run | ConvertFrom-FlowState -SigningKey ([ordered] @{ first = $secret; second = [byte[]] (1..32) })
        $document | Should -BeLikeExactly '*"signature":{"keyId":"first",*'
        { $document | ConvertTo-FlowState -Flow $flow -SigningKey $keys } |
            Should -Throw -ErrorId 'FlowStateTampered,*' -PassThru |
                Should -BeLikeExactly "*signed with the key 'first', which is not among those given*"
    }

    It 'a key that cannot be used is an error that says why' {
        $run = Invoke-Flow $flow
        { $run | ConvertFrom-FlowState -SigningKey 'in the clear' } |
            Should -Throw -ErrorId 'FlowSigningKeyInvalid,*' -PassThru | Should -BeLikeExactly '*a SecureString or bytes*'
        { $run | ConvertFrom-FlowState -SigningKey ([byte[]] (1..8)) } |
            Should -Throw -ErrorId 'FlowSigningKeyInvalid,*' -PassThru | Should -BeLikeExactly '*at least 16 bytes*'
        { $run | ConvertFrom-FlowState -SigningKey @{ a = [byte[]] (1..32); b = [byte[]] (1..32) } } |
            Should -Throw -ErrorId 'FlowSigningKeyInvalid,*' -PassThru | Should -BeLikeExactly '*-SigningKeyId*'
        { $run | ConvertFrom-FlowState -SigningKey @{ a = [byte[]] (1..32) } -SigningKeyId b } |
            Should -Throw -ErrorId 'FlowSigningKeyInvalid,*' -PassThru | Should -BeLikeExactly "*no signing key 'b'*"
        { $run | ConvertFrom-FlowState -AsPrefect -SigningKey ([byte[]] (1..32)) } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}
