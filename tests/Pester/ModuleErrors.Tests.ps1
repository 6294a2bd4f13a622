BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'
    $folder = New-TestFolder
    Set-Content "$folder/Other.psm1" @'
function Write-Other { [CmdletBinding()] param() Write-Error 'of other'; 'went on' }
'@
    Set-Content "$folder/Failing.psm1" @'
$program = if ($IsWindows) { { cmd /c "exit $args" } } else { { sh -c "exit $args" } }
function Write-Plain { Write-Error 'plain'; 'went on' }
function Write-Deep { Write-Plain }
function Write-Advanced { [CmdletBinding()] param() Write-Error 'advanced'; 'went on' }
function Write-Calling { [CmdletBinding()] param() Write-Other; 'went on' }
function Get-Missing { Get-Item /no/such/item; 'went on' }
function Get-InBlock { 1 | ForEach-Object { Get-Item /no/such/item }; 'went on' }
function Get-Silent { Get-Item /no/such/item -ErrorAction SilentlyContinue; 'went on' }
function Get-Ignored { Get-Item /no/such/item -ErrorAction Ignore; 'went on' }
function Get-Caught { try { Get-Item /no/such/item -ErrorAction Stop } catch { 'caught' } }
function Get-Redirected { Get-Item /no/such/item 2>$null; 'went on' }
function Get-Merged { $null = Get-Item /no/such/item 2>&1; 'went on' }
function Get-AllRedirected { Get-Item /no/such/item *>$null; 'went on' }
function Get-CallRedirected { Write-Plain 2>$null }
function Get-BlockRedirected { & { Get-Item /no/such/item } 2>$null; 'went on' }
function Get-OtherLine { Get-Item . 2>$null | Out-Null; Get-Item /no/such/item; 'went on' }
function Get-OwnPreference { $ErrorActionPreference = 'SilentlyContinue'; Get-Item /no/such/item; 'went on' }
function Get-Divided { $zero = 0; 1 / $zero; 'went on' }
function Start-Failing { sh -c 'exit 3'; 'went on' }
function Start-Redirected { sh -c 'exit 3' 2>$null; 'went on' }
function Start-Checked { sh -c 'exit 3'; if ($LASTEXITCODE -eq 3) { 'checked' } }
function Start-Asked { sh -c 'exit 3'; if (-not $?) { 'asked' } }
function Start-Fine { sh -c 'exit 0'; 'fine' }
'@
}

AfterAll {
    Stop-PlacedWorker
    Remove-Module Failing, Other -ErrorAction Ignore
}

Describe 'Errors in functions of a script module' -Skip:($IsWindows -or $PSVersionTable.PSVersion -lt [version] '7.4') {
    It '<Name>: <Expected>, in <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'Write-Error'; Body = { Write-Plain }; Expected = 'Failed' }
            @{ Name = 'Write-Error, called by another'; Body = { Write-Deep }; Expected = 'Failed' }
            @{ Name = 'Write-Error in an advanced function'; Body = { Write-Advanced }; Expected = 'Failed' }
            @{ Name = 'Write-Error in another module'; Body = { Write-Calling }; Expected = 'Failed' }
            @{ Name = 'an error of a cmdlet'; Body = { Get-Missing }; Expected = 'Failed' }
            @{ Name = 'an error in a block'; Body = { Get-InBlock }; Expected = 'Failed' }
            @{ Name = 'an error of the language'; Body = { Get-Divided }; Expected = 'Failed' }
            @{ Name = 'an error after a redirected line'; Body = { Get-OtherLine }; Expected = 'Failed' }
            @{ Name = 'a call that is redirected by the body'; Body = { Write-Plain 2>$null }; Expected = 'Failed' }
            @{ Name = 'SilentlyContinue inside'; Body = { Get-Silent }; Expected = 'went on' }
            @{ Name = 'Ignore inside'; Body = { Get-Ignored }; Expected = 'went on' }
            @{ Name = 'caught inside'; Body = { Get-Caught }; Expected = 'caught' }
            @{ Name = 'caught by the body'; Body = { try { Write-Plain } catch { "caught $_" } }; Expected = 'caught plain' }
            @{ Name = 'redirected inside'; Body = { Get-Redirected }; Expected = 'went on' }
            @{ Name = 'merged inside'; Body = { Get-Merged }; Expected = 'went on' }
            @{ Name = 'all redirected inside'; Body = { Get-AllRedirected }; Expected = 'went on' }
            @{ Name = 'a call that is redirected inside'; Body = { Get-CallRedirected }; Expected = 'went on' }
            @{ Name = 'a block that is redirected inside'; Body = { Get-BlockRedirected }; Expected = 'went on' }
            @{ Name = 'a preference of its own'; Body = { Get-OwnPreference }; Expected = 'went on' }
            @{ Name = 'called with SilentlyContinue'; Body = { Write-Advanced -ErrorAction SilentlyContinue }; Expected = 'went on' }
            @{ Name = 'called with Continue'; Body = { Write-Advanced -ErrorAction Continue 2>$null }; Expected = 'went on' }
            @{ Name = 'called with SilentlyContinue, through another module'; Body = { (Write-Calling -ErrorAction SilentlyContinue)[0] }; Expected = 'went on' }
            @{ Name = 'a program'; Body = { Start-Failing }; Expected = 'Failed' }
            @{ Name = 'a program that is redirected'; Body = { Start-Redirected }; Expected = 'Failed' }
            @{ Name = 'a program whose code is looked at'; Body = { Start-Checked }; Expected = 'checked' }
            @{ Name = 'a program whose success is asked'; Body = { Start-Asked }; Expected = 'asked' }
            @{ Name = 'a program that ends well'; Body = { Start-Fine }; Expected = 'fine' }
        )) {
        $before = $global:ErrorActionPreference, $global:PSNativeCommandUseErrorActionPreference
        $state = Invoke-InPlace $In $Body -Flow @{ Module = "$folder/Other.psm1", "$folder/Failing.psm1" }
        if ($Expected -eq 'Failed') { $state.State | Should -BeExactly 'Failed' } else { $state.Message | Should -BeExactly 'Task run succeeded.' }
        if ($Expected -ne 'Failed') { $state.Result | Should -BeExactly $Expected }
        "$global:ErrorActionPreference $global:PSNativeCommandUseErrorActionPreference" | Should -BeExactly "$before"
    }

    It 'a flow that continues means it, in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In { Write-Plain } -Flow @{ Module = "$folder/Failing.psm1"; ErrorActionPreference = 'Continue' } 2>$null
        $state.Result | Should -BeExactly 'went on'
    }

    It 'the session has its own again after nested flows, and what is assigned meanwhile stays' {
        Import-Module "$folder/Other.psm1", "$folder/Failing.psm1"
        $old = $global:ErrorActionPreference
        try {
            $global:ErrorActionPreference = 'Continue'
            $inner = New-Flow inner { task body { Write-Plain } }
            $run = New-Flow outer { task nested { (Invoke-Flow $inner).State; Get-Missing } } | Invoke-Flow
            $run.Tasks[0].State | Should -BeExactly 'Failed'
            "$global:ErrorActionPreference" | Should -BeExactly 'Continue'
            (Get-Variable ErrorActionPreference -Scope Global).GetType().Name | Should -BeExactly 'PSVariable'
            $null = New-Flow sets { task body { $global:ErrorActionPreference = 'SilentlyContinue' } } | Invoke-Flow
            "$global:ErrorActionPreference" | Should -BeExactly 'SilentlyContinue'
        }
        finally { $global:ErrorActionPreference = $old }
    }
}
