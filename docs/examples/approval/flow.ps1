# The flow of the scripts beside it, which dot-source it: $Store is where its runs are on record, $ask sends a link to who decides.
# Setting: FLOW_LINK_KEY, a text of 16 characters or more, from a vault: the same for all of them.

$ErrorActionPreference = 'Stop' # pwsh -File exits with 1 then
Import-Module PrefectPS

if (-not $env:FLOW_LINK_KEY) { throw 'The setting FLOW_LINK_KEY is missing: the key that links are signed with, the same for each of these scripts.' }
$key = ConvertTo-SecureString $env:FLOW_LINK_KEY -AsPlainText -Force

$flow = New-Flow 'release' -Store $Store {
    task build { 'version 1.2' }
    task ask $ask -InputFrom @{ build = 'build' } -MaxRetries 5 -RetryDelay 00:01:00
    task approve {
        param(
            [Parameter(Mandatory, HelpMessage = 'Is it to be released?')] [ValidateSet('yes', 'no')] [string] $Answer,
            [Parameter(HelpMessage = 'For the record.')] [string] $Comment)
        if ($Answer -eq 'no') { Send-FlowSignal -Fail "$($FlowContext.EventSender) said no: $Comment" }
        "approved by $($FlowContext.EventSender)"
    } -After ask -WaitForEvent approval -WaitTimeout 3.00:00:00
    task deploy { param($build, $approve) "deployed $build, $approve" } -InputFrom @{ build = 'build'; approve = 'approve' }
}
