<#
.SYNOPSIS
    A flow whose targets are rebuilt when the script, its inputs or a file has changed.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/rerun.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/rerun.ps1

    The flow is defined again each time, like a script that was edited. Before each run, the plan shows what the run would do, and why.
#>
param(
    [string] $Folder = (Join-Path ([IO.Path]::GetTempPath()) "rerun-$(New-Guid)")
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }
$null = New-Item -ItemType Directory $Folder -Force
$rates = Join-Path $Folder 'rates.csv'
'currency,rate', 'EUR,1.1' | Set-Content $rates

function Show-Run([string] $What, [scriptblock] $Total, [int] $Month) {
    $flow = New-Flow 'report' -Store (Join-Path $Folder 'store') -Parameter @{ Month = 11 } {
        task prices { (Import-Csv $rates).rate } -Target '{flow_name}/prices.json' -SourceFile $rates
        task total $Total -After prices -Target '{flow_name}/total.json' -RerunOn Script, Input
    }
    "--- $What"
    Get-FlowPlan $flow -Parameter @{ Month = $Month } | ForEach-Object { "$($_.Slug): $($_.Action), $($_.Reason -replace [regex]::Escape($Folder), '' -replace '[/\\](?=rates)')" }
    $null = Invoke-Flow $flow -Parameter @{ Month = $Month } | Assert-FlowState
}

Show-Run 'at first' { param($Month) $Month * 10 } 11
Show-Run 'nothing has changed' { param($Month) $Month * 10 } 11
Show-Run 'a comment' { param($Month) <# the total #> $Month * 10 } 11
Show-Run 'another script' { param($Month) $Month * 20 } 11
Show-Run 'another input' { param($Month) $Month * 20 } 12
(Get-Item $rates).LastWriteTime = (Get-Date).AddMinutes(1)
Show-Run 'a newer file' { param($Month) $Month * 20 } 12
Remove-Item -Recurse -Force $Folder
