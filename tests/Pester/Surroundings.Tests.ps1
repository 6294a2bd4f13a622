BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'

    function Invoke-Pwsh([string] $Script, [string[]] $Option = @()) {
        # A script in a process of its own, with standard input that is open and says nothing. Its output, and what it took.
        $file = Join-Path (New-TestFolder) 'script.ps1'
        Set-Content $file ("Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1' -WarningAction Ignore`n. '$PSScriptRoot/Places.ps1'`n" + $Script)
        $program = (Get-Process -Id $PID).Path
        $info = [Diagnostics.ProcessStartInfo]::new($program)
        # As a tool of .NET it is a library that dotnet runs.
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile') + $Option + @('-File', $file)
        $info.Arguments = ($arguments | ForEach-Object { "`"$_`"" }) -join ' '
        $info.RedirectStandardInput = $info.RedirectStandardOutput = $info.RedirectStandardError = $true
        $info.UseShellExecute = $false
        $process = [Diagnostics.Process]::Start($info)
        try {
            $errors = $process.StandardError.ReadToEndAsync()
            $output = $process.StandardOutput.ReadToEndAsync()
            if (-not $process.WaitForExit(120000)) { throw "It still runs after two minutes; so far it wrote: waiting at a prompt?" }
            @(($output.Result + $errors.Result) -split "`r?`n" | Where-Object { $_ })
        }
        finally {
            if (-not $process.HasExited) { $process.Kill() }
            $process.Dispose()
        }
    }
}

AfterAll {
    Stop-PlacedWorker
}

Describe 'Surroundings' {
    It 'the location is the caller''s, on every drive, in <Place>' -ForEach (Get-TaskPlace) {
        $folder = New-TestFolder
        $other = New-TestFolder
        $null = New-PSDrive -Name places -PSProvider FileSystem -Root $other
        Set-Content "$other/own.txt" 'own'
        $null = New-Item "$folder/[odd] name" -ItemType Directory
        Push-Location -LiteralPath "$folder/[odd] name"
        try {
            $state = Invoke-InPlace $In { "$PWD"; Get-Content places:own.txt; Set-Location / }
            $state.Result[0] | Should -BeExactly "$(Get-Item -LiteralPath "$folder/[odd] name")"
            $state.Result[1] | Should -BeExactly 'own'
            Set-Location places:
            (Invoke-InPlace $In { "$PWD"; Get-Content own.txt }).Result | Should -BeExactly 'places:/', 'own'
        }
        finally {
            Pop-Location
            Remove-PSDrive places
        }
    }

    It 'a task in a separate runspace leaves the location as it was for the next' {
        $folder = New-TestFolder
        Push-Location -LiteralPath $folder
        try {
            $flow = New-Flow moves { task a { Set-Location / } -Timeout 60; task b { "$PWD" } -After a -Timeout 60 }
            (Invoke-Flow $flow).Tasks[1].Result | Should -BeExactly "$PWD"
        }
        finally { Pop-Location }
    }

    It 'the cultures are the caller''s, in <Place>' -ForEach (Get-TaskPlace) {
        $thread = [Threading.Thread]::CurrentThread
        $old = $thread.CurrentCulture, $thread.CurrentUICulture
        try {
            $thread.CurrentCulture = 'de-DE'
            $thread.CurrentUICulture = 'fr-FR'
            $state = Invoke-InPlace $In { [cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentUICulture.Name; (1.5).ToString() }
            $state.Result | Should -BeExactly 'de-DE', 'fr-FR', '1,5'
        }
        finally { $thread.CurrentCulture, $thread.CurrentUICulture = $old }
    }

    It 'strict mode <Version> is the caller''s, in <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Version = 'off'; Expected = 'unset', 'member', 'index' }
            @{ Version = '1.0'; Expected = '!unset', 'member', 'index' }
            @{ Version = '2.0'; Expected = '!unset', '!member', 'index' }
            @{ Version = 'Latest'; Expected = '!unset', '!member', '!index' }
        )) {
        if ($Version -eq 'off') { Set-StrictMode -Off } else { Set-StrictMode -Version $Version }
        $errors = $Error.Count
        # Made here, for blocks that a test file is given as data run in a scope without strict mode.
        $state = Invoke-InPlace $In {
            try { $null = $never_set; 'unset' } catch { '!unset' }
            try { $null = 'x'.Missing; 'member' } catch { '!member' }
            try { $null = @(1)[7]; 'index' } catch { '!index' }
        }
        Set-StrictMode -Off
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeExactly $Expected
        if ($In['Beside']) { $Error.Count | Should -Be $errors }
    }

    It 'preference variables are the caller''s, in <Place>' -ForEach (Get-TaskPlace) {
        $VerbosePreference = 'Ignore'
        $DebugPreference = 'Ignore'
        $InformationPreference = 'Ignore'
        $WarningPreference = 'Ignore'
        $ProgressPreference = 'Ignore'
        $ConfirmPreference = 'None'
        $OFS = '+'
        $PSDefaultParameterValues = @{ 'Get-Date:Format' = "'formatted'" }
        $state = Invoke-InPlace $In {
            "$VerbosePreference $DebugPreference $InformationPreference $WarningPreference $ProgressPreference $ConfirmPreference $WhatIfPreference"
            "$ErrorActionPreference"
            "$(1, 2)"
            Get-Date
        }
        $state.Result | Should -BeExactly 'Ignore Ignore Ignore Ignore Ignore None False', 'Stop', '1+2', 'formatted'
    }

    It 'WhatIf of the caller holds, in <Place>' -ForEach (Get-TaskPlace) {
        $file = Join-Path (New-TestFolder) 'kept.txt'
        Set-Content $file 'kept'
        $env:PLACES_FILE = $file
        $WhatIfPreference = $true
        try { $null = Invoke-InPlace $In { Remove-Item $env:PLACES_FILE } -Run @{ WhatIf = $false } } finally { $WhatIfPreference = $false }
        $file | Should -Exist
    }

    It 'a module''s function sees the session''s own preferences, in <Place>' -ForEach (Get-TaskPlace) {
        $old = $global:VerbosePreference
        $folder = New-TestFolder
        Set-Content "$folder/Placed.psm1" 'function Get-Seen { "$VerbosePreference" }'
        try {
            $global:VerbosePreference = 'Ignore'
            (Invoke-InPlace $In { Get-Seen } -Flow @{ Module = "$folder/Placed.psm1" }).Result | Should -BeExactly 'Ignore'
        }
        finally {
            $global:VerbosePreference = $old
            Remove-Module Placed -ErrorAction Ignore
        }
    }

    It 'the file and folder are those of the script that the block stands in, and its using lines hold, in <Place>' -ForEach (
        Get-TaskPlace | Where-Object { -not $_.In['Using'] -and -not $_.In['Map'] }
    ) {
        $script = Join-Path (New-TestFolder) 'defines.ps1'
        Set-Content $script "using namespace System.Text`n`n`$body = { `$PSScriptRoot; `$PSCommandPath; [StringBuilder]::new('built').ToString() }`n, `$body"
        $block = & $script
        $state = Invoke-InPlace $In $block
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeExactly (Split-Path $script), $script, 'built'
    }

    It 'an error has its file, line and text, with using in the line' {
        $x = 1
        $run = New-Flow placed {
            task plain { throw 'broken' } -Timeout 60
            task uses { if ($using:x) { throw 'broken' } }
        } | Invoke-Flow
        foreach ($task in $run.Tasks) {
            $task.Error.ScriptName | Should -BeExactly $PSCommandPath
            (Get-Content $PSCommandPath)[$task.Error.Line - 1] | Should -BeLike "*task $($task.Slug)*"
        }
    }

    It 'the language mode is the session''s, in <Place>' -ForEach (Get-TaskPlace | Where-Object { -not $_.In['Using'] -and -not $_.In['Map'] }) {
        $root = $PSScriptRoot
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$root/PrefectPS.Testing.psm1' -ErrorAction Ignore").Invoke()
            $shell.Runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
            $shell.Commands.Clear()
            $null = $shell.AddScript({
                    param($timeout, $subflow, $run)
                    $body = { "$($ExecutionContext.SessionState.LanguageMode)"; try { [IO.File]::Exists('/x') } catch { 'locked' } }
                    $flow = New-Flow constrained -Parameter { param($n = 1) } -InitializationScript { function Get-Mode { "$($ExecutionContext.SessionState.LanguageMode)" } } { }
                    if ($timeout) { Add-FlowTask $flow body $body -Timeout 60 } else { Add-FlowTask $flow body $body }
                    Add-FlowTask $flow mode { Get-Mode }
                    if ($subflow) { $outer = New-Flow outer; Add-FlowTask $outer part -Subflow $flow; $flow = $outer }
                    $done = Invoke-Flow $flow @run
                    if ($subflow) { $done.Tasks[0].Subflow.Tasks } else { $done.Tasks }
                }.ToString()).AddArgument([bool] $In['Task']).AddArgument([bool] $In['Subflow']).AddArgument($(if ($In['Throttle']) { @{ ThrottleLimit = 2 } } else { @{} }))
            $tasks = $shell.Invoke()
            "$($shell.Streams.Error)" | Should -BeNullOrEmpty
            $tasks[0].Result | Should -BeExactly 'ConstrainedLanguage', 'locked'
            $tasks[1].Result | Should -BeExactly 'ConstrainedLanguage'
        }
        finally { $shell.Dispose() }
    }
}

Describe 'Set-up' {
    BeforeAll {
        $folder = New-TestFolder
        Set-Content "$folder/Helpers.psm1" 'function Get-Help1 { "helped" }; $script:count = 0; function Get-Count { (++$script:count) }'
        Set-Content "$folder/Broken.psm1" "`n`nthrow 'the module is broken'"
    }

    AfterAll { Remove-Module Helpers -ErrorAction Ignore }

    It 'modules and the script are there, in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In { Get-Help1; Get-Own; $own; (Get-Module Helpers).Name } -Flow @{
            Module = "$folder/Helpers.psm1"; InitializationScript = { $own = 'variable'; function Get-Own { "own $own" } }
        }
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeExactly 'helped', 'own variable', 'variable', 'Helpers'
    }

    It 'a relative path is of the location where the flow is defined, in <Place>' -ForEach (Get-TaskPlace) {
        Push-Location -LiteralPath $folder
        try { $flow = New-Flow placed -Module ./Helpers.psm1 { task body { Get-Help1 } -Timeout 60; task here { Get-Help1 } } } finally { Pop-Location }
        (Invoke-Flow $flow).Tasks.Result | Should -BeExactly 'helped', 'helped'
    }

    It 'each runspace is set up once' {
        $env:PLACES_LOG = Join-Path (New-TestFolder) 'log.txt'
        $flow = New-Flow once -InitializationScript { Add-Content $env:PLACES_LOG "set up $([runspace]::DefaultRunspace.Id)" } {
            foreach ($i in 1..6) { task "t$i" { [runspace]::DefaultRunspace.Id } }
        }
        $ids = (Invoke-Flow $flow -ThrottleLimit 2).Tasks.Result | Sort-Object -Unique
        $lines = @(Get-Content $env:PLACES_LOG)
        ($lines | Sort-Object -Unique).Count | Should -Be $lines.Count
        foreach ($id in $ids) { $lines | Should -Contain "set up $id" }
        Clear-Content $env:PLACES_LOG
        $null = Invoke-Flow $flow
        @(Get-Content $env:PLACES_LOG).Count | Should -Be 1
    }

    It 'what fails in it fails the step before any body, with its line: <Name>, throttle <Throttle>' -ForEach @(
        foreach ($throttle in 1, 2) {
            @{ Name = 'a throw'; Throttle = $throttle; Flow = @{ InitializationScript = { throw 'bad set-up' } }; Says = "*Surroundings.Tests.ps1:*bad set-up*" }
            @{ Name = 'an error of a command'; Throttle = $throttle; Flow = @{ InitializationScript = { Get-Item /nowhere/at/all; 1 } }; Says = '*nowhere*' }
            @{ Name = 'exit'; Throttle = $throttle; Flow = @{ InitializationScript = { exit 3 } }; Says = '*exit 3*' }
            @{ Name = 'a module that is not there'; Throttle = $throttle; Flow = @{ Module = 'No.Such.Module' }; Says = '*No.Such.Module*' }
            @{ Name = 'a module that breaks'; Throttle = $throttle; Flow = @{ Module = 'Broken' }; Says = '*the module is broken*' }
        }
    ) {
        if ($Flow['Module'] -eq 'Broken') { $Flow = @{ Module = "$folder/Broken.psm1" } }
        $env:PLACES_RAN = $null
        $made = New-Flow fails @Flow { task body { $env:PLACES_RAN = 1 } }
        { Invoke-Flow $made -ThrottleLimit $Throttle } | Should -Throw -ErrorId 'FlowSetupFailed,*' -PassThru | Should -BeLikeExactly "*'fails'*$Says"
        $env:PLACES_RAN | Should -BeNullOrEmpty
    }

    It 'a flow in another one has the outer one''s set-up, then its own, throttle <_>' -ForEach 1, 2 {
        $inner = New-Flow inner -InitializationScript { function Get-Inner { "inner $(Get-Outer)" } } { task body { Get-Inner } }
        $plain = New-Flow plain { task body { Get-Outer } }
        $flow = New-Flow outer -InitializationScript { function Get-Outer { 'outer' } } {
            task a { Get-Outer }
            task b -Subflow $inner
            task c -Subflow $plain
        }
        (Invoke-Flow $flow -ThrottleLimit $_).Tasks.Result | Should -BeExactly 'outer', 'inner outer', 'outer'
    }

    It 'the script names no variable of the caller' {
        $x = 1
        { New-Flow wrong -InitializationScript { $using:x } } | Should -Throw -ErrorId 'FlowInvalid,*'
        { New-Flow wrong -InitializationScript { Start-ThreadJob { $using:x } } } | Should -Not -Throw
    }
}

Describe 'Prompts' {
    It 'a parameter that nothing supplies is an error of Add-FlowTask: <Body>' -ForEach @(
        @{ Body = { param([Parameter(Mandatory)] $Name) } }
        @{ Body = { param([Parameter(Mandatory = $true)] [string] $Name, $Other) } }
        @{ Body = { [CmdletBinding()] param([Parameter(Mandatory)] $Name = 'default') } }
        @{
            Body = {
                [CmdletBinding(DefaultParameterSetName = 'a')]
                param([Parameter(Mandatory, ParameterSetName = 'a')] $Name, [Parameter(Mandatory, ParameterSetName = 'b')] $Id)
            }
        }
        @{ Body = & { function f([Parameter(Mandatory)] $Name) { }; ${function:f} } }
        @{ Body = & { function f { param([Parameter(Mandatory)] $Name) }; ${function:f} } }
    ) {
        { New-Flow asks { task body $Body } } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLikeExactly "*'body'*'Name'*"
        { New-Flow asks { task body $Body -Argument @{ Name = 1 } } } | Should -Not -Throw
        { New-Flow asks { task a { 1 }; task body $Body -InputFrom @{ Name = 'a' } } } | Should -Not -Throw
        { New-Flow asks { task a { 1 }; task body $Body -Map @{ Name = 'a' } } } | Should -Not -Throw
        { New-Flow asks -Parameter @{ Name = 1 } { task body $Body } } | Should -Not -Throw
    }

    It 'a set of parameters without a mandatory one is enough' {
        $body = { param([Parameter(Mandatory, ParameterSetName = 'a')] $Name, [Parameter(ParameterSetName = 'b')] $Id) "$Id" }
        (New-Flow sets { task body $body -Argument @{ Id = 5 } } | Invoke-Flow).Tasks[0].Result | Should -BeExactly '5'
        { New-Flow optional { task body { param([Parameter(Mandatory = $false)] $Name, [Parameter(ValueFromPipeline)] $Other) } } } | Should -Not -Throw
    }

    It 'whatever asks is an error at once where nobody answers, <Way>' -ForEach @(
        @{ Way = 'standard input redirected'; Option = @() }
        @{ Way = '-NonInteractive'; Option = @('-NonInteractive') }
    ) {
        $lines = Invoke-Pwsh -Option $Option -Script @'
$env:PLACES_FILE = (New-Item (Join-Path ([IO.Path]::GetTempPath()) "places-$PID") -ItemType File -Force).FullName
$bodies = [ordered]@{
    read = { Read-Host 'name' }
    credential = { Get-Credential }
    confirm = { Remove-Item $env:PLACES_FILE -Confirm }
    mandatory = { function f { param([Parameter(Mandatory)] $x) }; f }
    choice = { $Host.UI.PromptForChoice('a', 'b', @('&Yes', '&No'), 0) }
    inquire = { Write-Warning 'careful' -WarningAction Inquire }
}
foreach ($place in $places | Where-Object { -not $_['Using'] -and -not $_['Map'] -and -not $_['Subflow'] -and -not $_['Worker'] }) {
    foreach ($name in $bodies.Keys) {
        $state = Invoke-InPlace $place $bodies[$name]
        "$name, $($place.Place): $($state.State)"
    }
}
'after: ' + (Invoke-Flow (New-Flow after { task a { 1 } })).State
Remove-Item $env:PLACES_FILE
'@
        $states = @($lines | Where-Object { $_ -match ', (the session|a runspace).*: ' })
        $states.Count | Should -Be 18 -Because ($lines -join "`n")
        @($states | Where-Object { $_ -notmatch ': Failed$' }) | Should -BeNullOrEmpty
        $lines | Should -Contain 'after: Success'
    }
}
