# The flow, which the other scripts dot-source. $Store contains its runs, and $ask sends a link to the approver.
# Setting: FLOW_LINK_KEY, a text of at least 16 characters from a vault, the same for all scripts.

$ErrorActionPreference = 'Stop' # so that pwsh -File exits with 1
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
