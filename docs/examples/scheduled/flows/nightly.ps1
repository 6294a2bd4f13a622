# This flow runs from Monday to Friday at three o'clock in Berlin, and is skipped if it could not start before noon.
param([string] $Store)

New-Flow 'nightly' -Store $Store -Schedule '0 3 * * 1-5' -TimeZone Europe/Berlin -MaxLateness 09:00:00 {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' } -MaxRetries 3 -RetryDelay 00:05:00
    task report { param($loaded) "loaded for $($FlowContext.ScheduledStartTime.ToString('u')): $loaded" } -InputFrom @{ loaded = 'load' } `
        -Target '{flow_name}/{scheduled_start_time:yyyy-MM-dd}.txt'
}
