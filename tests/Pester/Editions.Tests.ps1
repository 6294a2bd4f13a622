BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Editions' {
    BeforeAll {
        $root = (Resolve-Path "$PSScriptRoot/../..").Path
        $fault = [Reflection.Assembly]::LoadFrom("$root/bin/PrefectPS.Loader/PrefectPS.Loader.dll").GetType('PrefectPS.Loader.LoadFault').GetMethod('Of')
        $none = [string](Join-Path ([IO.Path]::GetTempPath()) 'none')
    }

    It 'PowerShell <Version> is told that 7.4 is needed' -ForEach @(
        @{ Version = '6.2.7' }
        @{ Version = '7.0.13' }
        @{ Version = '7.3.12' }
    ) {
        $fault.Invoke($null, @($false, [version] $Version, $none)) | Should -BeExactly "PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $Version."
    }

    It '<Version> is served (Windows PowerShell: <IsFramework>), where the module is built for it' -ForEach @(
        @{ Version = '7.4.0'; IsFramework = $false }
        @{ Version = '7.10.1'; IsFramework = $false }
        @{ Version = '8.0.0'; IsFramework = $false }
        @{ Version = '5.1.22621'; IsFramework = $true }
    ) {
        $fault.Invoke($null, @($IsFramework, [version] $Version, $none)) | Should -BeLike "PrefectPS is not built for this PowerShell: '$none' has no PrefectPS.dll. *"
        $fault.Invoke($null, @($IsFramework, [version] $Version, [string] "$root/bin/net8.0")) | Should -BeNullOrEmpty
    }

    It 'another runspace imports the module by its manifest, by the path that Get-Module shows, and by its information' {
        $module = Get-Module PrefectPS
        if ($module.ModuleType -ne 'Script') { Set-ItResult -Skipped -Because 'this build is imported as an assembly'; return }
        foreach ($given in "$root/PrefectPS.psd1", $module.Path, $module) {
            $shell = [powershell]::Create()
            try { $shell.AddScript('param($module) Import-Module $module; (Invoke-Flow (New-Flow a { task b { 42 } })).Tasks[0].Result').AddArgument($given).Invoke() | Should -Be 42 }
            finally { $shell.Dispose() }
        }
    }
}
