# Runs one step for each message that Pub/Sub pushes here, and sends the run on through the same topic.
# Settings: PORT, FLOW_STORE (gs://bucket/prefix), FLOW_CHANNEL (pubsub://project/topic), FLOW_AUDIENCE and FLOW_CALLER (see README.md).

$ErrorActionPreference = 'Stop' # a service that cannot start ends, and the platform shows the reason
Import-Module PrefectPS

foreach ($name in 'FLOW_STORE', 'FLOW_CHANNEL') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "The setting $name is missing; README.md has what it says." }
}

$flow = New-Flow 'pushed' -Store $env:FLOW_STORE {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' }
    task report { param($loaded) "loaded: $loaded" } -InputFrom @{ loaded = 'load' }
}

# Pub/Sub waits at most 600 seconds for an answer; 540 leave time to store the outcome and send the next message.
$listener = @{ Channel = $env:FLOW_CHANNEL; TimeBudget = '00:09:00' }
if ($env:FLOW_MAX_TASKS) { $listener.MaxTasks = [int] $env:FLOW_MAX_TASKS }
if ($env:FLOW_AUDIENCE) { $listener.Audience = $env:FLOW_AUDIENCE; $listener.ServiceAccount = $env:FLOW_CALLER } else { $listener.Anonymous = $true }
$address = if ($env:FLOW_ADDRESS) { $env:FLOW_ADDRESS } else { "http://+:$env:PORT" }
Start-FlowListener $flow $address @listener | ForEach-Object {
    Write-Host "run $($_.RunId), step $($_.Step): $($_.State). $($_.Message)"
    # A failed run is recorded and its message is completed; log it as an error.
    try { $null = $_ | Assert-FlowState } catch { [Console]::Error.WriteLine("ERROR: $_") }
}
