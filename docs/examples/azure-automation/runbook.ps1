# A runbook that chains itself: runs one step of the run, and starts itself again through its webhook while work is left.
# Without WebhookData, from a schedule or by hand, it resumes the newest unfinished run in the store, or starts one.
param([object] $WebhookData)

$ErrorActionPreference = 'Stop' # a terminating error makes the job Failed
Import-Module PrefectPS

function Get-Setting([string] $Name) {
    # A variable of the Automation account or, outside of Automation, an environment variable. Surrounding quotes are removed.
    $value = if (Get-Command Get-AutomationVariable -ErrorAction Ignore) { Get-AutomationVariable -Name $Name } else { [Environment]::GetEnvironmentVariable($Name) }
    "$value".Trim().Trim('"', "'")
}

$store, $webhook = (Get-Setting FLOW_STORE), (Get-Setting FLOW_WEBHOOK)
if (-not $store) { throw 'The variable FLOW_STORE is missing: the address of the store, such as azblob://ACCOUNT/flows.' }
if (-not $webhook) { throw 'The variable FLOW_WEBHOOK is missing: the address of the webhook that starts this runbook.' }

$flow = New-Flow 'chained' -Store $store {
    task extract { 1..3 }
    task load { param($rows) foreach ($row in $rows) { $row * 10 } } -InputFrom @{ rows = 'extract' }
    task report { param($loaded) "loaded: $loaded" } -InputFrom @{ loaded = 'load' }
}

# Automation stops a job after three hours (fair share), so a step has 150 minutes. The step waits for retries that are due in this time.
# Its verbose records show each change of a task's state; the job keeps them if the runbook logs verbose records.
$budget = @{ TimeBudget = '02:30:00'; Wait = $true; Verbose = $true }
if ($limit = Get-Setting FLOW_MAX_TASKS) { $budget.MaxTasks = [int] $limit }

if ($null -eq $WebhookData) {
    $state = Invoke-FlowStep $flow -Resume @budget
}
else {
    # PowerShell 7 runbooks receive an object or, with some runtimes and in the test pane, its JSON.
    if ($WebhookData -is [string]) {
        try { $WebhookData = $WebhookData | ConvertFrom-Json }
        catch { throw "WebhookData is a text that is no JSON, so that the state document in it cannot be read: $_" }
    }

    if ([string]::IsNullOrWhiteSpace($WebhookData.RequestBody)) {
        throw 'The webhook was called without a state document. To begin a run, start the runbook without WebhookData: each call like this one would begin another.'
    }
    $state = $WebhookData.RequestBody | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep -ResetCancelled @budget
}

# The job's output is kept: a line for the run, and a table of its tasks.
"run $($state.RunId), step $($state.Step): $($state.State). $($state.Message)"
$state.Tasks | Format-Table Slug, State, RunCount, Duration, Message -AutoSize -Wrap | Out-String -Width 200
$state = $state | Assert-FlowState
if ($state.NextStartTime -gt [DateTimeOffset]::UtcNow) {
    # A webhook would start a job immediately, which would have nothing to do: the runbook's schedule continues the run when it is due.
    "Nothing is due before $($state.NextStartTime.ToString('u')); the schedule goes on with the run."
}
elseif ($state.HasPending) {
    $state | Publish-FlowMessage -Channel $webhook
}
