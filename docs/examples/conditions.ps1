<#
.SYNOPSIS
    A flow with a condition, two branches and a merge: each order is sent by letter or by truck, and is booked either way.
.DESCRIPTION
    Right after a clone:           dotnet run --project src/PrefectPS.Host -- docs/examples/conditions.ps1
    In PowerShell, from a build:   Import-Module ./PrefectPS.psd1; ./docs/examples/conditions.ps1

    The first order is light, the second heavy, and the third is empty, so that neither branch is taken.
#>
param(
    [double[]] $Kilos = @(0.4, 12, 0)
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

# A run receives its order when it starts; tasks and conditions take it by name.
$flow = New-Flow 'ship an order' -Parameter @{ Kilos = 0 } {
    task weigh { param($Kilos) [double] $Kilos }

    # A condition receives the task's inputs. If it is not true, the task is Skipped, and so are its downstream tasks.
    task letter { param($weight) "a letter of $weight kg" } -InputFrom @{ weight = 'weigh' } -When { param($weight) $weight -gt 0 -and $weight -lt 1 }
    task truck { param($weight) "a parcel of $weight kg" } -InputFrom @{ weight = 'weigh' } -When { param($weight) $weight -ge 1 }
    task insure { param($parcel) "insured: $parcel" } -InputFrom @{ parcel = 'truck' }

    # The merge runs if one of its branches did. It must not be skipped with the other branch, and is skipped if both were.
    task book {
        param($letter, $parcel)
        $sent = if ($null -ne $letter) { $letter } else { $parcel }
        "booked: $sent"
    } -InputFrom @{ letter = 'letter'; parcel = 'insure' } -Trigger NotAllSkipped -SkipOnUpstreamSkip $false
}

foreach ($order in $Kilos) {
    "--- An order of $order kg"
    $run = Invoke-Flow $flow -Parameter @{ Kilos = $order }
    foreach ($task in $run.Tasks) { "$($task.Slug): $($task.State)" }
    $booked = ($run | Get-FlowTask book).Result
    if ($null -ne $booked) { $booked } else { 'nothing to book' }
}
