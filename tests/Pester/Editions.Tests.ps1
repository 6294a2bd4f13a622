BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Editions' {
    BeforeAll {
        # The module's script where no assembly of it can be loaded, with the table of another PowerShell.
        $text = Get-Content "$PSScriptRoot/../../bin/PrefectPS.psm1" -Raw
        $failing = [scriptblock]::Create('param($table) ' + $text.Replace('$PSScriptRoot', '/none').Replace('$PSVersionTable', '$table').Replace('$PSEdition', '$table.PSEdition'))
    }

    It 'PowerShell <Version> is told that 7.4 is needed' -ForEach @(
        @{ Version = '6.2.7' }
        @{ Version = '7.0.13' }
        @{ Version = '7.3.12' }
    ) {
        { & $failing @{ PSEdition = 'Core'; PSVersion = [version] $Version } } | Should -Throw "PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $Version."
    }

    It '<Edition> <Version> is served, from <Folder>' -ForEach @(
        @{ Edition = 'Core'; Version = '7.4.0'; Folder = 'net8.0' }
        @{ Edition = 'Core'; Version = '7.10.1'; Folder = 'net8.0' }
        @{ Edition = 'Core'; Version = '8.0.0'; Folder = 'net8.0' }
        @{ Edition = 'Desktop'; Version = '5.1.22621'; Folder = 'netstandard2.0' }
    ) {
        { & $failing @{ PSEdition = $Edition; PSVersion = [version] $Version } } | Should -Throw "PrefectPS is not built for this PowerShell: '/none/$Folder' has no PrefectPS.dll. *"
    }
}
