# The few words that scenarios are written in. A scenario file is a series of checks:
#
#     Scenario 'the output of a task is its result' { ... Assert-Equal 'expected' $actual }
#
# Language features and .NET calls only, in the syntax of Windows PowerShell 5.1: scenarios also run where there is
# nothing but the PowerShell engine.

Set-StrictMode -Version 3

$script:Selected = $null
$script:Ran = 0
$script:Folder = $null

function Scenario {
    <# One check: runs its block, and removes the folder that the block may have asked for. #>
    param([Parameter(Mandatory)][string] $Name, [Parameter(Mandatory)][scriptblock] $Check)

    if ($null -ne $script:Selected -and $Name -cne $script:Selected) { return }
    $script:Ran++
    try {
        & $Check
    }
    finally {
        if ($null -ne $script:Folder) { [IO.Directory]::Delete($script:Folder, $true) }
        $script:Folder = $null
    }
}

function Get-Scenario {
    <# The names of the checks in a file, in order, without running it. #>
    param([Parameter(Mandatory)][string] $Path)

    $faults = $null
    $file = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $faults)
    if ($faults) { throw "'$Path' cannot be parsed: $($faults[0].Message)" }
    $isCheck = { param($ast) $ast -is [Management.Automation.Language.CommandAst] -and $ast.GetCommandName() -eq 'Scenario' }
    $names = @(foreach ($check in $file.FindAll($isCheck, $true)) { $check.CommandElements[1].SafeGetValue() })
    $seen = [Collections.Generic.HashSet[string]]::new()
    foreach ($name in $names) {
        if (-not $seen.Add($name)) { throw "'$Path' has two checks named '$name'" }
    }
    $names
}

function Invoke-Scenario {
    <# Runs one check of a file, in the caller's session state: there a user's script would run. #>
    [CmdletBinding()]
    param([Parameter(Mandatory)][string] $Path, [Parameter(Mandatory)][string] $Name)

    $script:Selected = $Name
    $script:Ran = 0
    $run = { & { $ErrorActionPreference = 'Stop'; & $args[0] } $args[0] }.ToString()
    try {
        $PSCmdlet.SessionState.InvokeCommand.InvokeScript($PSCmdlet.SessionState, [scriptblock]::Create($run), $Path)
    }
    catch [Management.Automation.MethodInvocationException] {
        throw $_.Exception.InnerException # the check's own error, not that of the call
    }
    finally {
        $script:Selected = $null
    }
    if ($script:Ran -ne 1) { throw "'$Path' ran $script:Ran checks named '$Name'" }
}

function Get-ScenarioFolder {
    <# The check's own folder, empty at first. #>
    if ($null -eq $script:Folder) {
        $name = [IO.Path]::Combine([IO.Path]::GetTempPath(), "scenario-$([guid]::NewGuid().ToString('n'))")
        $script:Folder = [IO.Directory]::CreateDirectory($name).FullName
    }
    $script:Folder
}

function Get-ResultFile {
    <# The results below a folder, relative to it, sorted: not what is on record of runs. #>
    param([Parameter(Mandatory)][string] $Folder)

    $files = [string[]] @([IO.Directory]::GetFiles($Folder, '*', 'AllDirectories') | ForEach-Object { $_.Substring($Folder.Length + 1).Replace('\', '/') } |
        Where-Object { $_ -notmatch '(^|/)(\.prefectps|run-index)/|(^|/)runs/[^/]+/[^/]+/(journal|history|state|lease)' })
    [array]::Sort($files, [StringComparer]::Ordinal)
    , $files
}

function Show-Value {
    # A value as it would be typed. Values that read the same are equal: an enum and its name, a list and an array.
    param($Value)

    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool]) { return '$' + $Value.ToString().ToLowerInvariant() }
    if ($Value -is [string] -or $Value -is [enum] -or $Value -is [char]) { return "'$Value'" }
    if ($Value -is [Collections.IDictionary]) {
        $names = [string[]] @($Value.Keys | ForEach-Object { "$_" })
        [array]::Sort($names, [StringComparer]::Ordinal)
        return '@{ ' + (@($names | ForEach-Object { "$_ = $(Show-Value $Value[$_])" }) -join '; ') + ' }'
    }
    if ($Value -is [Collections.IEnumerable]) { return '@(' + (@($Value | ForEach-Object { Show-Value $_ }) -join ', ') + ')' }
    [Convert]::ToString($Value, [Globalization.CultureInfo]::InvariantCulture)
}

function Assert-Equal {
    param([Parameter(Position = 0)][AllowNull()] $Expected, [Parameter(Position = 1)][AllowNull()] $Actual, [string] $Because)

    $wanted = Show-Value $Expected
    $got = Show-Value $Actual
    if ($wanted -cne $got) { throw "$(if ($Because) { "$Because`: " })expected $wanted, got $got" }
}

function Assert-True {
    param([Parameter(Position = 0)][AllowNull()] $Condition, [Parameter(Position = 1)][string] $Because = 'the condition holds')

    if (-not $Condition) { throw "expected that $Because" }
}

function Assert-Like {
    param([Parameter(Position = 0)][string] $Pattern, [Parameter(Position = 1)][AllowNull()] $Actual)

    if ($Actual -cnotlike $Pattern) { throw "expected something like '$Pattern', got $(Show-Value $Actual)" }
}

function Assert-Error {
    <# The block throws an error of this id; returns the error. #>
    param([Parameter(Mandatory, Position = 0)][string] $Id, [Parameter(Mandatory, Position = 1)][scriptblock] $Block, [string] $Like = '*')

    $caught = $null
    try {
        $null = & $Block
    }
    catch {
        $caught = $_
    }
    if ($null -eq $caught) { throw "expected the error $Id, but there was none" }
    $got = @($caught.FullyQualifiedErrorId -split ',')[0]
    if ($got -cne $Id) { throw "expected the error $Id, got $got`: $caught" }
    Assert-Like $Like "$caught"
    $caught
}

Export-ModuleMember -Function Scenario, Get-Scenario, Invoke-Scenario, Get-ScenarioFolder, Get-ResultFile, Assert-Equal, Assert-True, Assert-Like, Assert-Error
