BeforeDiscovery {
    # The table of docs/results.md: what a task returns, and what JSON does with it.
    $inModern = $PSVersionTable.PSEdition -eq 'Core' -and $env:PREFECTPS_BUILD -ne 'netstandard2.0'
    $rows = @(
        Get-Content "$PSScriptRoot/../../docs/results.md" | ForEach-Object {
            if ($_ -notmatch '^\| `(?<code>.+?)` \| (?<json>the same|refused)[^`|]*(`(?<remedy>[^`]+)`)?') { return }
            @{ Code = $Matches.code.Replace('\|', '|'); Json = $Matches.json; Remedy = $Matches.remedy }
        } | Where-Object { $inModern -or $_.Code -notmatch 'Int128|Half|DateOnly|TimeOnly' }
    )
    $kept = @($rows | Where-Object Json -EQ 'the same')
    $refused = @($rows | Where-Object Json -EQ 'refused')
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function global:Get-Shape($Value) {
        <# A value with its type, order and members, as text. #>
        if ($null -eq $Value) { return 'null' }
        $names = $Value.psobject.TypeNames -join '<'
        $notes = foreach ($note in $Value.psobject.Properties) {
            $isOfProvider = $note.Name -in 'PSPath', 'PSParentPath', 'PSChildName', 'PSDrive', 'PSProvider', 'PSIsContainer'
            if ($note -is [psnoteproperty] -and $note.IsInstance -and -not $isOfProvider) { "$($note.Name)=$(Get-Shape $note.Value)" }
        }
        $bare = $Value.psobject.BaseObject
        $content = switch (0) {
            { $bare -is [Management.Automation.PSCustomObject] } { ''; break }
            { $bare -is [Collections.IDictionary] } {
                $keys = @($bare.get_Keys())
                $entries = foreach ($key in $keys) { "$(Get-Shape $key)=$(Get-Shape $bare.get_Item($key))" }
                if ($bare.GetType() -eq [hashtable]) { $entries = $entries | Sort-Object }
                $first = @($keys | Sort-Object)[0]
                $case = if ($first -is [string]) { @($null -ne $bare[$first.ToUpperInvariant()]) }
                "$case{ $($entries -join '; ') }"
                break
            }
            { $bare -is [string] } { @([int[]] [char[]] $bare) -join ' '; break }
            { $bare -is [xml] } { $bare.OuterXml; break }
            { $bare -is [regex] } { "$bare $($bare.Options)"; break }
            { $bare -is [datetime] } { "$($bare.ToString('o')) $($bare.Kind)"; break }
            { $bare -is [IO.FileInfo] } { $bare.Name; break }
            { $bare -is [Collections.IEnumerable] } { "$($bare.Count) [$(@(foreach ($item in $bare) { Get-Shape $item }) -join ', ')]"; break }
            { $bare -is [IFormattable] } { [string]::Format([cultureinfo]::InvariantCulture, '{0}', $bare); break }
            default { "$bare" }
        }
        "($names) $($content) <$($notes -join '; ')>"
    }

    function Invoke-InEachWay([string] $Code, [string] $Folder) {
        <# The shape that a task sees of another one's result: where the flow runs whole, and in each way in which it runs in steps. #>
        $make = [scriptblock]::Create(", ($Code)")
        $inMap = [scriptblock]::Create(", @(@{ v = ($Code) }, 'other')")
        $look = { param($x) Get-Shape $x }
        $plain = { param($Option = @{}) New-Flow values @Option { task make $make; task look $look -InputFrom @{ x = 'make' } -NoCheckpoint } }
        $mapped = {
            New-Flow values {
                task make $inMap
                task look { param($x) if ($x -is [string]) { $x } else { Get-Shape $x.v } } -Map @{ x = 'make' }
            }
        }
        $nested = {
            $inner = New-Flow inner { task made $make; task pass { param($y) , $y } -InputFrom @{ y = 'made' } }
            New-Flow values { task make -Subflow $inner; task look $look -InputFrom @{ x = 'make' } }
        }
        $inStore = @{ Store = "$Folder/store" }
        [ordered] @{
            whole    = (Invoke-Flow (& $plain)).Tasks[-1].Result
            document = (Invoke-FlowStep (& $plain) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $plain) | Invoke-FlowStep).Tasks[-1].Result
            compact  = (Invoke-FlowStep (& $plain) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -Compact |
                    ConvertTo-FlowState -Flow (& $plain) | Invoke-FlowStep).Tasks[-1].Result
            prefect  = (Invoke-FlowStep (& $plain) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState -AsPrefect |
                    ConvertTo-FlowState -Flow (& $plain) | Invoke-FlowStep).Tasks[-1].Result
            record   = & {
                $run = Invoke-FlowStep (& $plain ($inStore + @{ NoCheckpoint = $true })) -MaxTasks 1 -ResetCancelled
                (Invoke-FlowStep (& $plain ($inStore + @{ NoCheckpoint = $true })) -RunId $run.RunId).Tasks[-1].Result
            }
            target   = & {
                $null = Invoke-FlowStep (& $plain ($inStore + @{ Target = '{task_name}.json' })) -MaxTasks 1
                (Invoke-Flow (& $plain ($inStore + @{ Target = '{task_name}.json' }))).Tasks[-1].Result
            }
            map      = & {
                $run = Invoke-FlowStep (& $mapped) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $mapped)
                $run = Invoke-FlowStep $run -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $mapped)
                (Invoke-FlowStep $run).Tasks[-1].Result[0]
            }
            subflow  = & {
                $run = Invoke-FlowStep (& $nested) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $nested)
                $run = Invoke-FlowStep $run -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $nested)
                (Invoke-FlowStep $run).Tasks[-1].Result
            }
        }
    }
}

AfterAll {
    Remove-Item function:global:Get-Shape
}

Describe 'Values' {
    BeforeEach {
        $folder = New-TestFolder
        Set-Content "$folder/data.csv" 'a,b' -NoNewline
    }

    It 'the table has rows of each kind' -ForEach @{ Kept = $kept.Count; Refused = $refused.Count } {
        $Kept | Should -BeGreaterThan 80
        $Refused | Should -BeGreaterThan 8
    }

    It 'a value is the same for the next task, whole and in steps: <Code>' -ForEach $kept {
        $seen = Invoke-InEachWay $Code.Replace("'data.csv'", "'$folder/data.csv'") $folder
        $seen.whole | Should -Not -BeNullOrEmpty
        foreach ($way in $seen.Keys) { $seen[$way] | Should -BeExactly $seen.whole -Because "as $way" }
    }

    It 'what a step would change fails its task at once, with what to return instead: <Code>' -ForEach $refused {
        $make = [scriptblock]::Create(", ($Code)")
        $define = { param($Option = @{}) New-Flow refused @Option { task make $make; task other { 1 } } }
        (Invoke-Flow (& $define)).Tasks.State | Should -BeStrictly Success, Success -Because 'in memory it passes'
        foreach ($option in @{}, @{ Store = $folder }, @{ Store = $folder; NoCheckpoint = $true }) {
            $run = Invoke-FlowStep (& $define $option) -MaxTasks 2
            $run.Tasks.State | Should -BeStrictly Failed, Success
            $run.Tasks[0].Message | Should -BeLikeExactly "*task 'make'*"
            $run.Tasks[0].Message.Contains($Remedy) | Should -BeTrue -Because "'$($run.Tasks[0].Message)' names $Remedy"
        }
    }

    It 'a part that occurs twice is one in a later step too, and does not multiply the document' {
        $define = {
            New-Flow shared {
                task make { $part = @{ n = 1; text = 'x' * 1000 }; $list = , $part; foreach ($i in 1..20) { $list = $list, $list }; , $list }
                task look { param($x) foreach ($i in 1..20) { $x = $x[0] }; $x[0].n = 2; $x[0].n } -InputFrom @{ x = 'make' }
            }
        }
        $document = Invoke-FlowStep (& $define) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $document.Length | Should -BeLessThan 4000
        ($document | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep).Tasks[1].Result | Should -BeStrictly 2
    }

    It 'what a cmdlet notes on a date is kept, and what a provider notes on each item is not' {
        $run = Invoke-FlowStep (New-Flow noted { task date { Get-Date }; task lines { Get-Content "$folder/data.csv" } }) -MaxTasks 2
        $run.Tasks[0].Result.DisplayHint | Should -BeExactly 'DateTime'
        $run.Tasks[1].Result.psobject.Properties.Name | Should -BeExactly 'Length'
    }

    It 'what came from another process keeps its properties and names' {
        $flow = New-Flow deserialized {
            task make { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-Process -Id $PID), 1)) }
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run.Tasks[0].State | Should -BeExactly 'Success' -Because $run.Tasks[0].Message
        $run.Tasks[0].Result.Id | Should -BeExactly $PID
        $run.Tasks[0].Result.psobject.TypeNames[0] | Should -BeExactly 'Deserialized.System.Diagnostics.Process'
    }

    It 'a document that ConvertFrom-Json made objects of is read as the text is' {
        $define = { New-Flow objects { task a { [long] 5 }; task b { param($a) $a.GetType().Name } -InputFrom @{ a = 'a' } } }
        $json = Invoke-FlowStep (& $define) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $run = $json | ConvertFrom-Json | ConvertTo-FlowState -Flow (& $define) | Invoke-FlowStep
        $run.Step | Should -BeExactly 2
        $run.Tasks[1].Result | Should -BeExactly 'Int64'
    }

    It 'a document that ConvertFrom-Json made objects of keeps its dates, and warns of texts that were none: <Code>' -ForEach @(
        @{ Code = "[datetime]::new(2026, 11, 29, 1, 2, 3, [DateTimeKind]::Utc)" }
        @{ Code = "[datetime]::new(2026, 11, 29, 1, 2, 3, [DateTimeKind]::Unspecified)" }
        @{ Code = "[datetime]::new(2026, 11, 29, 1, 2, 3, [DateTimeKind]::Local).AddTicks(1234567)" }
        @{ Code = "[datetimeoffset]::new(2026, 11, 29, 1, 2, 3, [timespan]::FromHours(5))"; IsWarned = $true }
        @{ Code = "'2026-11-29T01:02:03'"; IsWarned = $true }
        @{ Code = "'2026-11-29T01:02:03.5Z'"; IsWarned = $true }
        @{ Code = "@{ started = '2026-11-29T01:02:03' }"; IsWarned = $true }
        @{ Code = "'2026-11-29'" }
        @{ Code = "1.5" }
        @{ Code = "[ulong]::MaxValue" }
        @{ Code = ", [ulong[]] ([ulong]::MaxValue, 1)" }
        @{ Code = "[decimal] 1.50" }
    ) {
        $make = [scriptblock]::Create($Code)
        $define = { New-Flow dates { task make $make; task look { param($x) Get-Shape $x } -InputFrom @{ x = 'make' } } -Parameter @{ Day = '2026-11-29' } }
        $whole = Invoke-Flow (& $define)
        foreach ($form in @{ }, @{ AsPrefect = $true }) {
            $json = Invoke-FlowStep (& $define) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState @form
            $run = $json | ConvertFrom-Json | ConvertTo-FlowState -Flow (& $define) -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings = @($warnings -like '*original spelling may be lost*')
            $inText = $form.AsPrefect -and $warnings.Count -eq 0 # a location is a text of its own
            if ($IsWarned -and -not $inText) {
                $warnings.Count | Should -Be 1 -Because "$json"
                $warnings[0] | Should -BeLikeExactly '*-DateKind String.'
            }
            else {
                $warnings | Should -BeNullOrEmpty
                ($run | Invoke-FlowStep).Tasks[1].Result | Should -BeExactly $whole.Tasks[1].Result
            }
            if ((Get-Command ConvertFrom-Json).Parameters.ContainsKey('DateKind')) {
                $run = $json | ConvertFrom-Json -DateKind String | ConvertTo-FlowState -Flow (& $define) -WarningVariable warnings
                $warnings | Should -BeNullOrEmpty
                ($run | Invoke-FlowStep).Tasks[1].Result | Should -BeExactly $whole.Tasks[1].Result
            }
        }
    }

    It 'a text that is kept as a date is told by its place, and is read as it was where it had no zone' {
        $define = { New-Flow texts { task make { '2026-11-29T01:02:03' }; task look { param($x) $x } -InputFrom @{ x = 'make' } } }
        $json = Invoke-FlowStep (& $define) -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $run = $json | ConvertFrom-Json | ConvertTo-FlowState -Flow (& $define) -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLikeExactly '*at tasks`[0`].state._result.value. Pass the document as text*'
        ($run | Invoke-FlowStep).Tasks[1].Result | Should -BeExactly '2026-11-29T01:02:03'
    }

    It 'a start time without a zone is of UTC, given as text or as objects' {
        $flow = New-Flow times { task a { 1 } }
        $json = '[{"task":{"slug":"a"},"state":{"type":"Scheduled","start_time":"2030-01-02T03:04:05"}}]'
        foreach ($document in $json, ($json | ConvertFrom-Json)) {
            $run = $document | ConvertTo-FlowState -Flow $flow -WarningVariable warnings
            $run.NextStartTime.UtcDateTime | Should -BeStrictly ([datetime]::new(2030, 1, 2, 3, 4, 5))
            $warnings | Should -BeNullOrEmpty
        }
    }

    It 'documents of 0.1.0 are read as they were' {
        $flow = New-Flow old { task a { 1 } }
        $value = '{"$type":"ordered","n":7,"small":{"$type":"hashtable","$typekeys":[1],"$typevalues":["one"]},"day":"Monday"}'
        $json = '[{"task":{"slug":"a"},"state":{"type":"Success","_result":{"type":"Result","value":' + $value + '}}}]'
        $result = ($json | ConvertTo-FlowState -Flow $flow).Tasks[0].Result
        $result.Keys | Should -BeExactly 'n', 'small', 'day'
        $result.small[1] | Should -BeExactly 'one'
    }
}
