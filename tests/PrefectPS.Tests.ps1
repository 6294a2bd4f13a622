<#
.SYNOPSIS
    The scenarios under Pester 5, in whatever PowerShell this runs in: Invoke-Pester ./tests/PrefectPS.Tests.ps1
.DESCRIPTION
    Needs a build of this checkout (./build.ps1). `dotnet test` runs the same checks without PowerShell or Pester.
#>

BeforeDiscovery {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'scenarios', 'Scenario.psm1')) -Force
    $files = foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, 'scenarios'), '*.ps1') | Sort-Object) {
        @{
            Area   = [IO.Path]::GetFileNameWithoutExtension($file)
            Checks = @(foreach ($check in Get-Scenario $file) { @{ Path = $file; Check = $check } })
        }
    }
}

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', 'PrefectPS.psd1')) -Force
    Import-Module ([IO.Path]::Combine($PSScriptRoot, 'scenarios', 'Scenario.psm1')) -Force
}

Describe '<Area>' -ForEach $files {
    It '<Check>' -ForEach $Checks {
        Invoke-Scenario -Path $Path -Name $Check
    }
}
