<#
.SYNOPSIS
    Builds, tests and packages PrefectPS. Runs in PowerShell 7, in Windows PowerShell 5.1 and under prefectps; needs the .NET SDK.
.DESCRIPTION
    Build    the whole solution; the module can then be imported from PrefectPS.psd1
    Test     dotnet test, which also runs tests/Pester in the PowerShell that .config/dotnet-tools.json pins
    Package  <Output>/PrefectPS/<version>, a folder to copy to a module path, and <Output>/PrefectPS.<version>.nupkg; builds before
    Clean    deletes all that a build or a package made
.PARAMETER Task
    What to do, in this order.
.PARAMETER Configuration
    Release or Debug.
.PARAMETER Output
    Where packages go; artifacts beside this script unless given.
.PARAMETER NoBuild
    Package what has been built before.
.EXAMPLE
    ./build.ps1 Build, Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [string] $Output,

    [switch] $NoBuild
)

# Language features, .NET calls and dotnet only: the commands of a full PowerShell are not everywhere this runs.
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$solution = [IO.Path]::Combine($root, 'PrefectPS.slnx')
$moduleFolder = [IO.Path]::Combine($root, 'bin')
$location = $ExecutionContext.SessionState.Path
$Output = if ($Output) { $location.GetUnresolvedProviderPathFromPSPath($Output) } else { [IO.Path]::Combine($root, 'artifacts') }

function Invoke-DotNet {
    $arguments = $args
    "> dotnet $arguments"
    & dotnet @arguments
    if ($LASTEXITCODE -ne 0) { throw "'dotnet $arguments' failed with exit code $LASTEXITCODE." }
}

function Remove-Folder([string] $Path) {
    if ([IO.Directory]::Exists($Path)) { [IO.Directory]::Delete($Path, $true) }
}

function Copy-Folder([string] $From, [string] $To, [string] $Except) {
    foreach ($file in [IO.Directory]::GetFiles($From, '*', 'AllDirectories')) {
        if ([IO.Path]::GetExtension($file) -eq $Except) { continue }
        $copy = [IO.Path]::Combine($To, $file.Substring($From.Length + 1))
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($copy))
        [IO.File]::Copy($file, $copy)
    }
}

function Get-Manifest {
    # Read as data: nothing in it runs.
    $faults = $null
    $file = [Management.Automation.Language.Parser]::ParseFile([IO.Path]::Combine($root, 'PrefectPS.psd1'), [ref] $null, [ref] $faults)
    if ($faults) { throw "PrefectPS.psd1 cannot be parsed: $($faults[0].Message)" }
    $file.Find({ param($ast) $ast -is [Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

function Write-Nuspec([hashtable] $Manifest, [string] $Path) {
    $escape = { param($text) [Security.SecurityElement]::Escape($text) }
    # The words by which a PowerShell gallery finds modules and their commands.
    $tags = @('PSModule') + $Manifest.PrivateData.PSData.Tags + 'PSIncludes_Cmdlet' +
        ($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    [IO.File]::WriteAllText($Path, @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>PrefectPS</id>
    <version>$($Manifest.ModuleVersion)</version>
    <authors>$(& $escape $Manifest.Author)</authors>
    <description>$(& $escape $Manifest.Description)</description>
    <copyright>$(& $escape $Manifest.Copyright)</copyright>
    <license type="expression">MIT</license>
    <readme>README.md</readme>
    <tags>$(& $escape ($tags -join ' '))</tags>
  </metadata>
  <files>
    <file src="PrefectPS/$($Manifest.ModuleVersion)/**" target="" />
  </files>
</package>
"@)
}

function Invoke-Build { Invoke-DotNet build $solution --configuration $Configuration }

function Invoke-Test { Invoke-DotNet test --solution $solution --configuration $Configuration }

function Invoke-Package {
    if (-not $NoBuild) { Invoke-DotNet build ([IO.Path]::Combine($root, 'src', 'PrefectPS')) --configuration $Configuration }
    foreach ($part in 'PrefectPS.psm1', 'net8.0', 'netstandard2.0') {
        $path = [IO.Path]::Combine($moduleFolder, $part)
        if (-not ([IO.File]::Exists($path) -or [IO.Directory]::Exists($path))) { throw "There is no '$path' to package. Run ./build.ps1 Build first." }
    }

    $manifest = Get-Manifest
    $folder = [IO.Path]::Combine($Output, 'PrefectPS', $manifest.ModuleVersion)
    Remove-Folder $folder
    Copy-Folder $moduleFolder ([IO.Path]::Combine($folder, 'bin')) -Except '.pdb'
    foreach ($name in 'PrefectPS.psd1', 'LICENSE', 'README.md') {
        [IO.File]::Copy([IO.Path]::Combine($root, $name), [IO.Path]::Combine($folder, $name))
    }
    "Module: $folder"

    $nuspec = [IO.Path]::Combine($Output, 'PrefectPS.nuspec')
    Write-Nuspec $manifest $nuspec
    try { Invoke-DotNet pack $nuspec --output $Output --property NoWarn=NU5100 } # a module's assemblies are not in lib/
    finally { [IO.File]::Delete($nuspec) }
    "Package: $([IO.Path]::Combine($Output, "PrefectPS.$($manifest.ModuleVersion).nupkg"))"
}

function Invoke-Clean {
    foreach ($folder in $moduleFolder, $Output, [IO.Path]::Combine($root, 'TestResults')) { Remove-Folder $folder }
    foreach ($group in 'src', 'tests') {
        foreach ($project in [IO.Directory]::GetDirectories([IO.Path]::Combine($root, $group))) {
            foreach ($name in 'bin', 'obj', 'TestResults') { Remove-Folder ([IO.Path]::Combine($project, $name)) }
        }
    }
}

$tasks = @{ Build = ${function:Invoke-Build}; Test = ${function:Invoke-Test}; Package = ${function:Invoke-Package}; Clean = ${function:Invoke-Clean} }
# From a shell, 'Build, Test' comes as the two words 'Build,' and 'Test'.
$names = @($Task -split '[,\s]+' | Where-Object { $_ })
$unknown = @($names | Where-Object { -not $tasks.ContainsKey($_) })
if ($unknown) { throw "There is no task '$($unknown -join "', '")'. The tasks are Build, Test, Package and Clean." }

# dotnet finds its settings (global.json) from the current folder.
$location.PushCurrentLocation('build')
try {
    $null = $location.SetLocation($root)
    foreach ($name in $names) {
        "== $name"
        & $tasks[$name]
    }
}
finally {
    $null = $location.PopLocation('build')
}
