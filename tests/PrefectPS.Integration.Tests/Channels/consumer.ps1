# A consumer of the proof: takes steps of one run, one task each, until someone ends it. What its bodies do is in a file of its own.
param($Channel, $Store, $Folder, [int] $Tasks)

$log = [IO.Path]::Combine($Folder, "$PID.log")
function Write-Line($Text) { [IO.File]::AppendAllText($log, "$Text`n") }

$flow = New-Flow proof -Store $Store {
    foreach ($number in 0..($Tasks - 1)) {
        $name = "t$number"
        # Layers of ten: each task waits for one or two of the layer above.
        $options = @{}
        if ($number -ge 10) { $options.After = @("t$($number - 10)"; if ($number % 10) { "t$($number - 11)" }) }
        task $name { $global:Ran = $true; Write-Line "start $($FlowContext.TaskName)"; Write-Line "end $($FlowContext.TaskName)" } @options
    }
}

if ($env:PROOF_START) {
    ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $Channel
    return
}

while ($true) {
    try {
        $message = Receive-FlowMessage $Channel -Wait 1 -LockTime 5 -MaxDeliveries 1000
        if (-not $message) { continue }
        Write-Line "delivery $($message.Step) $($message.DeliveryCount)"
        $global:Ran = $false
        $run = $message | Invoke-FlowStep -Flow $flow -MaxTasks 1 | Publish-FlowMessage -Channel $Channel -PassThru
        # A sender that got no answer sends again.
        if ($global:Ran) {
            $document = $run | ConvertFrom-FlowState
            foreach ($copy in 1..4) { $document | Publish-FlowMessage -Channel $Channel }
        }
        if (-not $run.HasPending) {
            # Others say it again, and may be killed: a reader sees it whole or not at all.
            $over = [IO.Path]::Combine($Folder, 'over')
            [IO.File]::WriteAllText("$over.$PID", "$($run.State)")
            [IO.File]::Move("$over.$PID", $over, $true)
        }
    }
    catch {
        Write-Line "error $_"
    }
}
