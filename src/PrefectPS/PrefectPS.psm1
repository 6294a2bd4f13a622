# Loads the assemblies for this PowerShell. The cmdlet is in PrefectPS.Loader.dll, beside this file. Every import waits for this script; GetModuleAssemblyCommand
# explains why it consists of two commands.
Import-Module $PSScriptRoot
Import-Module -Assembly (Get-PrefectPSAssembly)
