<#
.SYNOPSIS
    Builds, tests and packages PrefectPS. Runs in PowerShell 7 and in Windows PowerShell 5.1; needs the .NET SDK.
.DESCRIPTION
    Build    the whole solution; the module can then be imported from PrefectPS.psd1
    Test     dotnet test, which also runs tests/Pester in the PowerShell of .config/dotnet-tools.json; long series run as a sample
    Soak     dotnet test with the long series whole; takes hours
    Package  below <Output>: PrefectPS/<version>, a folder to copy to a module path; PrefectPS.<version>.nupkg, for a gallery;
             PrefectPS.zip, for Azure Automation. Builds before
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

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$solution = Join-Path $root 'PrefectPS.slnx'
$built = Join-Path $root 'bin'
# Of the caller's folder, before this script goes to its own.
$Output = if ($Output) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output) } else { Join-Path $root 'artifacts' }

function Invoke-DotNet {
    "> dotnet $args"
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "'dotnet $args' failed with exit code $LASTEXITCODE." }
}

function Invoke-Build { Invoke-DotNet build $solution --configuration $Configuration }

function Invoke-Test {
    # Tests that choose by chance share a seed; set to the same, they choose the same.
    $given = $env:PREFECTPS_SEED
    if (-not $given) { $env:PREFECTPS_SEED = Get-Random }
    "Seed: `$env:PREFECTPS_SEED = $env:PREFECTPS_SEED"
    try { Invoke-DotNet test --solution $solution --configuration $Configuration }
    finally { $env:PREFECTPS_SEED = $given }
}

function Invoke-Soak {
    $env:PREFECTPS_SOAK = 1
    try { Invoke-Test }
    finally { $env:PREFECTPS_SOAK = $null }
}

function Invoke-Package {
    if (-not $NoBuild) { Invoke-DotNet build (Join-Path $root 'src/PrefectPS') --configuration $Configuration --property PrecompileForAll=true }
    foreach ($part in 'PrefectPS.Loader', 'net8.0', 'netstandard2.0') {
        $path = Join-Path $built $part
        if (-not (Test-Path -LiteralPath $path)) { throw "There is no '$path' to package. Run ./build.ps1 Build first." }
    }

    $version = (Import-PowerShellDataFile (Join-Path $root 'PrefectPS.psd1')).ModuleVersion
    $folder = Join-Path $Output "PrefectPS/$version"
    Copy-Module $folder
    "Module: $folder"

    $nuspec = Join-Path $Output 'PrefectPS.nuspec'
    Write-Nuspec (Import-PowerShellDataFile (Join-Path $folder 'PrefectPS.psd1')) $nuspec
    # A module's assemblies are not in lib/, and its examples are no install scripts.
    try { Invoke-DotNet pack $nuspec --output $Output --property 'NoWarn=NU5100;NU5110;NU5111' }
    finally { Remove-Item -LiteralPath $nuspec }
    "Package: $(Join-Path $Output "PrefectPS.$version.nupkg")"

    $zip = Join-Path $Output 'PrefectPS.zip'
    Write-Zip $folder $zip
    "Azure Automation: $zip"
}

# All that a user gets: the built module, its manifest with the tags of its commands, and the pages that its help and README refer to.
function Copy-Module([string] $Folder) {
    if (Test-Path -LiteralPath $Folder) { Remove-Item -LiteralPath $Folder -Recurse -Force }
    $null = New-Item $Folder -ItemType Directory
    Copy-Item -LiteralPath $built, (Join-Path $root 'docs') -Destination $Folder -Recurse
    Get-ChildItem $Folder -Recurse -Filter '*.pdb' | Remove-Item
    Copy-Item (Join-Path $root '*.md'), (Join-Path $root 'LICENSE') -Destination $Folder
    Write-Manifest (Join-Path $Folder 'PrefectPS.psd1')
}

# A gallery finds a module by its commands when they are among its tags; publishing it does not put them there.
function Write-Manifest([string] $Path) {
    $source = Join-Path $root 'PrefectPS.psd1'
    $manifest = Import-PowerShellDataFile $source
    $tags = $manifest.PrivateData.PSData.Tags + 'PSIncludes_Cmdlet' + ($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $list = ($tags | ForEach-Object { "'$_'" }) -join ', '

    $ast = [Management.Automation.Language.Parser]::ParseFile($source, [ref] $null, [ref] $null)
    $pairs = $ast.FindAll({ param($node) $node -is [Management.Automation.Language.HashtableAst] }, $true).KeyValuePairs
    $old = ($pairs | Where-Object { $_.Item1.Value -eq 'Tags' }).Item2.Extent
    $text = Get-Content -LiteralPath $source -Raw -Encoding UTF8
    $text = $text.Substring(0, $old.StartOffset) + "@($list)" + $text.Substring($old.EndOffset)
    Set-Content -LiteralPath $Path -Value $text -NoNewline -Encoding UTF8
}

function Write-Nuspec([hashtable] $Manifest, [string] $Path) {
    $data = $Manifest.PrivateData.PSData
    $escape = { param($text) [Security.SecurityElement]::Escape($text) }
    Set-Content -LiteralPath $Path -Encoding UTF8 -Value @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>PrefectPS</id>
    <version>$($Manifest.ModuleVersion)</version>
    <authors>$(& $escape $Manifest.Author)</authors>
    <description>$(& $escape $Manifest.Description)</description>
    <releaseNotes>$(& $escape $data.ReleaseNotes)</releaseNotes>
    <copyright>$(& $escape $Manifest.Copyright)</copyright>
    <license type="expression">MIT</license>
    <readme>README.md</readme>
    <tags>$(& $escape (@('PSModule') + $data.Tags -join ' '))</tags>
  </metadata>
  <files>
    <file src="PrefectPS/$($Manifest.ModuleVersion)/**" target="" />
  </files>
</package>
"@
}

# What Azure Automation imports: one folder of the module's name, without a version. Compress-Archive of 5.1 writes backslashes.
function Write-Zip([string] $Folder, [string] $Path) {
    Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
    if (Test-Path -LiteralPath $Path) { Remove-Item -LiteralPath $Path }
    $zip = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -File) {
            $name = 'PrefectPS' + $file.FullName.Substring($Folder.Length).Replace('\', '/')
            $null = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, $file.FullName, $name)
        }
    }
    finally { $zip.Dispose() }
}

function Invoke-Clean {
    $made = @($built, $Output, (Join-Path $root 'TestResults'))
    foreach ($group in 'src', 'tests') {
        foreach ($project in Get-ChildItem (Join-Path $root $group) -Directory) {
            $made += 'bin', 'obj', 'TestResults' | ForEach-Object { Join-Path $project.FullName $_ }
        }
    }
    $made | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
}

$tasks = [ordered]@{
    Build   = ${function:Invoke-Build}
    Test    = ${function:Invoke-Test}
    Package = ${function:Invoke-Package}
    Soak    = ${function:Invoke-Soak}
    Clean   = ${function:Invoke-Clean}
}
# From a shell, 'Build, Test' comes as the two words 'Build,' and 'Test'.
$names = @($Task -split '[,\s]+' | Where-Object { $_ })
$unknown = @($names | Where-Object { -not $tasks.Contains($_) })
if ($unknown) { throw "There is no task '$($unknown -join "', '")'. The tasks are Build, Test, Package, Soak and Clean." }

# dotnet finds its settings (global.json) from the current folder.
Push-Location -LiteralPath $root
try {
    foreach ($name in $names) {
        "== $name"
        & $tasks[$name]
    }
}
finally {
    Pop-Location
}
