BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    $escape = [string][char]27
    $odd = "${escape}]0;title$([char]7)${escape}[2J$([char]0x9b)31m$([char]13)over$([char]0x202e)"

    # What a terminal gets, without the colours that the module's own views have.
    function Get-Shown($objects, [scriptblock] $Format) {
        ($objects | & $Format | Out-String -Width 400) -replace "$escape\[[0-9;]*m"
    }
}

Describe 'Terminal' {
    BeforeAll {
        $folder = New-TestFolder
        $flow = New-Flow "odd$([char]0x202e)" -Store $folder {
            task thrown { throw $odd }
            task signalled { Send-FlowSignal -Fail $odd }
            task "bidi$([char]0x202e)" { 1 }
        }
        $run = Invoke-FlowStep $flow -RunId "r$([char]0x202e)"
    }

    It 'a view shows no escape sequence: <Name>' -ForEach @(
        @{ Name = 'tasks'; Get = { $run.Tasks } }
        @{ Name = 'the run'; Get = { $run } }
        @{ Name = 'runs on record'; Get = { Get-FlowRun -Flow $flow } }
        @{ Name = 'the history'; Get = { Get-FlowHistory $flow -RunId $run.RunId } }
        @{ Name = 'the flow'; Get = { $flow } }
        @{ Name = 'its tasks'; Get = { $flow.Tasks } }
        @{ Name = 'the tree'; Get = { Show-Flow $run } }
    ) {
        foreach ($format in { $input | Format-Table }, { $input | Format-List }) {
            $shown = Get-Shown (& $Get) $format
            $shown | Should -Not -Match '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]'
            $shown | Should -Not -Match '\r(?!\n)'
        }
    }

    It 'an error and a warning show none: <Name>' -ForEach @(
        @{ Name = 'a run id'; Act = { Invoke-FlowStep $flow -RunId "a$odd" } }
        @{ Name = 'a task that is not there'; Act = { Get-FlowTask $flow "a$escape" } }
        @{ Name = 'a document'; Act = { "{`"run`":{`"started`":`"a$odd`"},`"tasks`":[]}" | ConvertTo-FlowState -Flow $flow } }
        @{ Name = 'a name'; Act = { New-Flow "a$odd" } }
    ) {
        $Act | Should -Throw -PassThru | ForEach-Object { $_.Exception.Message } | Should -Not -Match '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]'
    }

    It 'a warning about a document shows none' {
        $slug = ($odd | ConvertTo-Json)
        $null = "[{`"slug`":$slug,`"type`":`"Success`"}]" | ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 1
        "$warnings" | Should -Not -Match '[\x00-\x1f\x7f-\x9f\u202a-\u202e]'
    }

    It 'what is put out is as it was' {
        $run.Tasks[1].Message | Should -BeExactly $odd
    }
}
