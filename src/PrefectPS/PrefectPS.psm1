# Brings the assemblies that fit this PowerShell, in PowerShell 7 in a load context of their own: src/PrefectPS.Loader, which is beside this file in a folder of
# its name. Each process that imports the module pays for what is here; GetModuleAssemblyCommand says why it is no more than commands.
Import-Module $PSScriptRoot
Import-Module -Assembly (Get-PrefectPSAssembly)
