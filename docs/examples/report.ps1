<#
.SYNOPSIS
    A nightly flow of a shop in seven countries: mapped and parallel tasks, retries, a failure, and the report.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/report.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/report.ps1

    The report is written to -Path; the default is a temporary file. Open it in a browser.
#>
param(
    [string] $Path = (Join-Path ([IO.Path]::GetTempPath()) 'nightly-sales.html')
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$flow = New-Flow 'Nightly sales' -Parameter @{ Day = '2026-11-24'; Currency = 'EUR' } {
    task countries { 'AT', 'BE', 'DE', 'ES', 'FR', 'IT', 'NL' } -Tag load
    task rates { Start-Sleep -Milliseconds 180; @{ USD = 1.09; GBP = 0.85 } } -Tag load

    # One child for each country. The shop in Spain is slow today, and one register in Italy cannot be read.
    task orders {
        param($country)
        Start-Sleep -Milliseconds $(if ($country -eq 'ES') { 1200 } else { 90 + 25 * ($country[0] % 5) })
        if ($country -eq 'IT') { throw "Register 4711 of $country answers: access denied" }
        [pscustomobject] @{ Country = $country; Orders = 100 + $country[0]; Total = 1000.5 * ($country[1] % 7 + 1) }
    } -Map @{ country = 'countries' } -Tag load, slow

    # Fails twice and succeeds at the third attempt.
    task stock {
        Start-Sleep -Milliseconds 110
        if ($FlowContext.RunCount -lt 3) { throw 'The warehouse is busy' }
        4321
    } -MaxRetries 3 -RetryDelay 00:00:00.2 -Tag load

    task total {
        param($orders, $rates)
        Start-Sleep -Milliseconds 150
        $sum = ($orders | Measure-Object -Property Total -Sum).Sum
        [ordered] @{ Countries = @($orders).Count; Sum = $sum; USD = $sum * $rates.USD }
    } -InputFrom @{ orders = 'orders'; rates = 'rates' }

    task forecast { param($stock) Start-Sleep -Milliseconds 240; $stock * 1.1 } -InputFrom @{ stock = 'stock' }
    task reorder { param($stock, $forecast) Start-Sleep -Milliseconds 60; $forecast - $stock } -InputFrom @{ stock = 'stock'; forecast = 'forecast' }
    task holidays { 'Saint Nicholas' } -When { $false }
    task staff { param($forecast) Start-Sleep -Milliseconds 90; [math]::Ceiling($forecast / 400) } -InputFrom @{ forecast = 'forecast' }
    task mail { param($total) "mailed $total" } -InputFrom @{ total = 'total' } -Tag mail
    task alert { 'Someone looks after the register' } -After orders -Trigger AnyFailed -Tag mail
    task archive { Start-Sleep -Milliseconds 70 } -After reorder, staff, alert, holidays -SkipOnUpstreamSkip $false
}

$run = Invoke-Flow $flow -ThrottleLimit 4
$run | Export-FlowReport -Path $Path -Title 'Nightly sales, 24 November'
"The run is $($run.State)."
"Its report: $Path"
