BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe '-CIFormat' {
    BeforeAll {
        $folder = New-TestFolder
        $summary = Join-Path $folder summary.md
        Set-Content (Join-Path $folder tasks.ps1) @'
New-Flow 'nightly | import' {
    task load { Write-Host 'loading' }
    task check {
        throw "no 100% [x]: a,b`n::error::injected ##[error]injected"
    } -After load
    task '::error::odd' { 1 } -Slug 'odd'
    task later { 1 } -After check
    task again { if ($FlowContext.RunCount -eq 1) { throw 'once' } } -MaxRetries 1
    task sub -Subflow (New-Flow inner { task deep { 1 } })
    task nested { $null = Invoke-Flow (New-Flow own { task own { 1 } }) }
}
'@
        $script = @"
`$folder = '$folder'
`$env:GITHUB_WORKSPACE = `$env:BUILD_SOURCESDIRECTORY = `$env:AGENT_TEMPDIRECTORY = `$folder
`$env:GITHUB_STEP_SUMMARY = '$summary'
`$flow = & '$folder/tasks.ps1'
"@
        function Get-Said([string] $Line, [int] $Wanted) {
            @(Get-HostOutput "$script`n$Line") -replace ' in \d\d:\d\d:\d\d(\.\d+)?', ' in TIME' -replace ', at \d\d:\d\d:\d\d' -replace '\d{8}T\d+-\w+', 'ID'
        }
    }

    It 'GitHub: a group a task, a line for its end, an error at the script line, and a summary; output is the run alone' {
        Get-Said '$env:GITHUB_ACTIONS = "true"; $run = Invoke-Flow $flow; "out: $(@($run).Count)"' | Should -BeExactly @(
            '::group::load: Running', 'loading', '::endgroup::', 'load: Success in TIME'
            '::group::check: Running', '::endgroup::', 'check: Failed in TIME: Error during execution of task: no 100% [x]: a,b'
            '::error file=tasks.ps1,line=4,title=check::no 100%25 [x]: a,b%0A::error::injected ##[error]injected'
            '::group::odd: Running', '::endgroup::', 'odd: Success in TIME'
            'later: TriggerFailed: Trigger was "all_successful" but some of the upstream tasks failed.'
            '::group::again: Running (attempt 1 of 2)', '::endgroup::', 'again: Retrying (attempt 2 of 2)'
            '::group::again: Running (attempt 2 of 2)', '::endgroup::', 'again: Success in TIME'
            '::group::sub/deep: Running', '::endgroup::', 'sub/deep: Success in TIME', 'sub: Success in TIME'
            '::group::nested: Running', '::endgroup::', 'nested: Success in TIME'
            'out: 1'
        )
        $lines = (Get-Content $summary) -replace '\d{8}T\d+-\w+', 'ID' -replace '\d\d:\d\d:\d\d\.\d+', 'TIME'
        $lines[0] | Should -BeExactly '### Flow nightly \| import: Failed'
        $lines[2] | Should -BeExactly 'Run ID, step 1. Some reference tasks failed.'
        $lines | Should -Contain '| load | Success | TIME | Task run succeeded. |'
        $lines | Should -Contain '| check | Failed | TIME | Error during execution of task: no 100% \[x\]: a,b ::error::injected \#\#\[error\]injected |'
        $lines | Should -Contain '| sub/deep | Success | TIME | Task run succeeded. |'
    }

    It 'Azure Pipelines: its own commands, and a file for the summary' {
        $said = Get-Said '$env:TF_BUILD = "True"; $null = Invoke-FlowStep $flow'
        $said[0..3] | Should -BeExactly '##[group]load: Running', 'loading', '##[endgroup]', 'load: Success in TIME'
        $said | Should -Contain '##vso[task.logissue type=error;sourcepath=tasks.ps1;linenumber=4;]check: no 100%AZP25 [x]: a,b%0A::error::injected ##[error]injected'
        $said[-1] | Should -Match '^##vso\[task\.uploadsummary\].*\.md$'
        Get-Content ($said[-1] -replace '^.*uploadsummary\]') -TotalCount 1 | Should -BeExactly '### Flow nightly \| import: Failed'
    }

    It 'elsewhere, and with None, there are no commands' {
        Get-Said '$null = Invoke-Flow $flow; $env:GITHUB_ACTIONS = "true"; $null = Invoke-Flow $flow -CIFormat None' | Should -BeExactly 'loading', 'loading'
    }

    It 'where tasks run at once there are no groups, and a summary that cannot be written is a warning' {
        $said = Get-Said '$env:GITHUB_STEP_SUMMARY = "$folder/none/summary.md"; $null = Invoke-Flow $flow -ThrottleLimit 2 -CIFormat GitHub -WarningVariable warned; "warned: $warned"'
        $said | Should -Not -Contain '::endgroup::'
        $said | Should -Contain 'sub/deep: Success in TIME'
        $said[-1] | Should -BeLike 'warned: The summary for the CI platform could not be written: *'
    }
}
