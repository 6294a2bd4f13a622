<#
.SYNOPSIS
    Runs three steps, as three processes would, with a task that fails twice, and writes a report from the record.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/report-steps.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/report-steps.ps1

    The report is written to -Path; the default is a temporary file. Open it in a browser.
#>
param(
    [string] $Path = (Join-Path ([IO.Path]::GetTempPath()) 'night-in-steps.html'),

    # The store of the run; the default is memory.
    [string] $Store = 'memory:report-steps'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

# Each step defines the flow again and gets the run only from the store.
function New-Night {
    New-Flow 'Night in steps' -Store $Store {
        task orders { Start-Sleep -Milliseconds 120; 'A-1', 'A-2', 'A-3' }
        task check { param($order) Start-Sleep -Milliseconds 40; "$order is paid" } -Map @{ order = 'orders' }

        # Fails twice and succeeds at the third attempt.
        task stock {
            Write-Information "Asking the warehouse, attempt $($FlowContext.RunCount)"
            Start-Sleep -Milliseconds 80
            if ($FlowContext.RunCount -lt 3) { throw 'The warehouse is busy' }
            4321
        } -MaxRetries 3

        task ship { param($paid) Start-Sleep -Milliseconds 60; "$($paid.Count) parcels" } -InputFrom @{ paid = 'check' } -After stock
    }
}

do {
    $run = Invoke-FlowStep (New-Night) -RunId tonight -MaxTasks 3 -TimeBudget 1
    if ($run.HasPending) { Start-Sleep -Milliseconds 700 } # until the next process starts
} while ($run.HasPending)

Get-FlowRun (New-Night) -RunId tonight | Export-FlowReport -Path $Path
"The run is $($run.State), after $($run.Step) steps."
"Its report: $Path"
