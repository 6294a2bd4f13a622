# Loads the assemblies that fit this PowerShell, in PowerShell 7 into a load context of their own (src/PrefectPS.Loader). Each statement here is paid
# for by every process that imports the module: so it looks for what is wrong only after something went wrong.
$folder = if ($PSEdition -eq 'Core') { "$PSScriptRoot/net8.0" } else { "$PSScriptRoot/netstandard2.0" }
try {
    [void][System.Reflection.Assembly]::LoadFrom("$folder/PrefectPS.Loader.dll")
    [PrefectPS.Loader.ModuleLoader]::Load($folder, $ExecutionContext) | Import-Module
}
catch {
    $version = $PSVersionTable['PSVersion']
    if ($PSEdition -eq 'Core' -and ($version.Major -lt 7 -or ($version.Major -eq 7 -and $version.Minor -lt 4))) {
        throw "PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $version."
    }
    if (-not [System.IO.File]::Exists("$folder/PrefectPS.dll")) {
        throw "PrefectPS is not built for this PowerShell: '$folder' has no PrefectPS.dll. In a checkout, run: dotnet build"
    }
    throw
}
