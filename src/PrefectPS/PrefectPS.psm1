# Brings the assemblies that fit this PowerShell, in PowerShell 7 in a load context of their own: src/PrefectPS.Loader, a nested module. Each process that imports
# the module pays for what is here; GetModuleAssemblyCommand says why it is two commands and no more.
Import-Module -Assembly (Get-PrefectPSAssembly)
