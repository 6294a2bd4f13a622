# What the tests share: the built module of this checkout, folders of their own, and a strict comparison.

$ErrorActionPreference = 'Stop'

# Where a CI platform runs the tests, the runs in them do not speak to it.
$env:GITHUB_ACTIONS = $env:TF_BUILD = $null

$root = (Resolve-Path "$PSScriptRoot/../..").Path
# The build for Windows PowerShell 5.1 runs in PowerShell 7, too: PREFECTPS_BUILD=netstandard2.0 tests that one.
$legacy = $env:PREFECTPS_BUILD -eq 'netstandard2.0'
$build = if ($legacy -or $PSVersionTable.PSEdition -ne 'Core') { 'netstandard2.0' } else { 'net8.0' }

if (-not (Test-Path "$root/bin/$build/PrefectPS.dll")) {
    throw "The module is not built: '$root/bin/$build' has no PrefectPS.dll. Run 'dotnet build' or ./build.ps1 in '$root' first."
}

if ($legacy -and $PSVersionTable.PSEdition -eq 'Core') {
    # As its loader does in Windows PowerShell.
    $loader = [Reflection.Assembly]::LoadFrom("$root/bin/PrefectPS.Loader/PrefectPS.Loader.dll")
    $loader.GetType('PrefectPS.Loader.FolderResolver').GetMethod('Register').Invoke($null, @("$root/bin/$build"))
    $module = [Reflection.Assembly]::LoadFrom("$root/bin/$build/PrefectPS.dll")
    [PrefectPS.SessionTypes]::Register()
    Import-Module -ModuleInfo (Import-Module -Assembly $module -PassThru) -Global
    Update-FormatData -PrependPath "$root/bin/PrefectPS.Format.ps1xml"
}
else {
    Import-Module "$root/PrefectPS.psd1" -Global
}

function New-TestFolder {
    <# An empty folder for one test, below TestDrive. Its path has no wildcard characters. #>
    (New-Item -ItemType Directory -Path (Join-Path (Get-PSDrive TestDrive).Root ([guid]::NewGuid().ToString('n')))).FullName
}

function Get-HostOutput([string] $Script) {
    <# What a script has the host write, together with what it puts out: another process has both on its output. #>
    $program = (Get-Process -Id $PID).Path
    $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-NonInteractive', '-File', "$(New-TestFolder)/script.ps1")
    "`$ErrorActionPreference = 'Stop'; Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; $Script" | Set-Content $arguments[-1]
    @(& $program @arguments) -replace '\x1b\[[0-9;]*m'
}

function Get-ResultFile {
    <# The results below a folder, relative to it and sorted, without what is on record of runs. #>
    param([Parameter(Mandatory)][string] $Folder)

    $files = [string[]] @(
        Get-ChildItem $Folder -File -Recurse -Force |
            ForEach-Object { $_.FullName.Substring($Folder.Length + 1).Replace('\', '/') } |
            Where-Object { $_ -notmatch '(^|/)(\.prefectps|run-index)/|(^|/)runs/[^/]+/[^/]+/(head|lease|[0-9a-f]{32}/(journal|segments|checkpoints))' }
    )
    [array]::Sort($files, [StringComparer]::Ordinal)
    $files
}

function ConvertTo-Literal($Value) {
    # A value as it would be typed. An enum equals its name, and a list an array of the same elements; '1' is not 1.
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool]) { return '$' + $Value.ToString().ToLowerInvariant() }
    if ($Value -is [string] -or $Value -is [enum] -or $Value -is [char]) { return "'$Value'" }
    if ($Value -is [Collections.IDictionary]) {
        $names = [string[]] @($Value.Keys)
        [array]::Sort($names, [StringComparer]::Ordinal)
        return '@{ ' + (@(foreach ($name in $names) { "$name = $(ConvertTo-Literal $Value[$name])" }) -join '; ') + ' }'
    }
    if ($Value -is [Collections.IEnumerable]) { return '@(' + (@(foreach ($element in $Value) { ConvertTo-Literal $element }) -join ', ') + ')' }
    [Convert]::ToString($Value, [Globalization.CultureInfo]::InvariantCulture)
}

function Test-Strictly($ActualValue, $ExpectedValue, [switch] $Negate, [string] $Because) {
    <#
    .SYNOPSIS
        Should -BeStrictly: like -BeExactly, but '1' is not 1, a list of one is not its element, and lists and tables are compared at any depth.
    .EXAMPLE
        1, 'two', @(3) | Should -BeStrictly 1, 'two', @(3)
    .EXAMPLE
        , $list | Should -BeStrictly @(1)
        The comma keeps the pipeline from taking a list of one apart.
    #>
    # Pester hands over what came down the pipeline as an array, and null where nothing came.
    $actual = $ActualValue
    if ($null -eq $ActualValue) { $actual = @() } elseif ($ActualValue.Count -eq 1) { $actual = $ActualValue[0] }
    $wanted = ConvertTo-Literal $ExpectedValue
    $got = ConvertTo-Literal $actual
    if (($wanted -ceq $got) -ne $Negate) { return [pscustomobject] @{ Succeeded = $true; FailureMessage = $null } }
    $not = if ($Negate) { 'not ' }
    $reason = if ($Because) { ", because $Because" }
    [pscustomobject] @{ Succeeded = $false; FailureMessage = "Expected strictly $not$wanted$reason, but got $got." }
}

# A process that a test starts has no Pester.
if (Get-Command Add-ShouldOperator -ErrorAction Ignore) {
    Add-ShouldOperator -Name BeStrictly -Test ${function:Test-Strictly} -SupportsArrayInput
}

Export-ModuleMember -Function New-TestFolder, Get-HostOutput, Get-ResultFile
