# A script that returns a flow: the job runs it, and nightly.Tests.ps1 tests it.
param([string] $Store)

New-Flow nightly -Store $Store {
    task fetch { Invoke-RestMethod https://example.com/orders } -MaxRetries 3 -RetryDelay 06:00:00
    task approve { 'approved' } -After fetch -WaitForEvent approval -WaitTimeout 3.00:00:00 -WaitTimeoutAction Skip
    task total { param($orders) ($orders.Price | Measure-Object -Sum).Sum } -InputFrom @{ orders = 'fetch' }
    task publish { param($total) Invoke-RestMethod https://example.com/totals -Method Post -Body $total } -InputFrom @{ total = 'total' } -After approve
}
