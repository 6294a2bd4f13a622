# Loads the assemblies that fit this PowerShell, in PowerShell 7 into a load context of their own (src/PrefectPS.Loader).
$framework = if ($PSVersionTable['PSEdition'] -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
$version = $PSVersionTable['PSVersion']
if ($framework -eq 'net8.0' -and ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 4))) {
    throw "PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $version."
}

$folder = [System.IO.Path]::Combine($PSScriptRoot, $framework)
if (-not [System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'PrefectPS.dll'))) {
    throw "PrefectPS is not built for this PowerShell: '$folder' has no PrefectPS.dll. In a checkout, run: dotnet build"
}

[void][System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($folder, 'PrefectPS.Loader.dll'))
$assembly = [PrefectPS.Loader.ModuleLoader]::Load($folder)
$inner = Import-Module -Assembly $assembly -PassThru
# An assembly imported a second time comes from a cache and brings no commands; its module does.
Import-Module -ModuleInfo $inner
# [FlowState] and its like: the session would not find types in another load context.
$types = $assembly.GetType('PrefectPS.SessionTypes')
$types::Register()
$ExecutionContext.SessionState.Module.OnRemove = { $types::Remove() }
Export-ModuleMember -Cmdlet * -Alias *
