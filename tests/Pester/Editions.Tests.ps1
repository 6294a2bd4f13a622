BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Editions' {
    BeforeAll {
        # What the module does first, with the table of another PowerShell.
        $text = Get-Content "$PSScriptRoot/../../bin/PrefectPS.psm1" -Raw
        $first = [scriptblock]::Create('param($table) ' + $text.Substring(0, $text.IndexOf('$folder =')).Replace('$PSVersionTable', '$table'))
    }

    It 'PowerShell <Version> is told that 7.4 is needed' -ForEach @(
        @{ Version = '6.2.7' }
        @{ Version = '7.0.13' }
        @{ Version = '7.3.12' }
    ) {
        { & $first @{ PSEdition = 'Core'; PSVersion = [version] $Version } } | Should -Throw "PrefectPS needs PowerShell 7.4 or later, or Windows PowerShell 5.1. This is PowerShell $Version."
    }

    It '<Edition> <Version> is served' -ForEach @(
        @{ Edition = 'Core'; Version = '7.4.0' }
        @{ Edition = 'Core'; Version = '7.10.1' }
        @{ Edition = 'Core'; Version = '8.0.0' }
        @{ Edition = 'Desktop'; Version = '5.1.22621' }
    ) {
        { & $first @{ PSEdition = $Edition; PSVersion = [version] $Version } } | Should -Not -Throw
    }
}
